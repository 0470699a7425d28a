import SiraConfiguration
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTesting
import Testing

@testable import SiraApp

@Suite struct LayerVaultTests {
    private func vault(_ database: SQLiteDatabase, key: UInt8 = 1) -> LayerVault {
        LayerVault(store: database.configuration) { try Seal(key: [UInt8](repeating: key, count: 32)) }
    }

    private func version(_ layer: [UInt8]) -> ConfigurationVersion {
        ConfigurationVersion(
            number: 0,
            at: Timestamp(microseconds: 1),
            actor: "local",
            reason: "",
            layer: layer,
            changes: Array("[]".utf8)
        )
    }

    private static let json = Array(
        #"{"providers":{"new":{"protocol":"openai","base_url":"https://a.example/v1","api_key":"sk-hidden"}}}"#.utf8
    )

    @Test func `secrets come back as they were and are nowhere in what is kept`() throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let layer = try SettingsLayer(json: Self.json)
        let sealed = try vault(database).sealed(layer)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("sk-hidden"))
        #expect(String(decoding: sealed, as: UTF8.self).contains("https://a.example/v1"))
        #expect(try vault(database).layer(of: version(sealed)) == layer)
        try database.close()
    }

    @Test func `with another master key the settings name the secret that is to be given again`() throws {
        let directory = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: directory.path + "/sira.db")
        let sealed = try vault(database).sealed(try SettingsLayer(json: Self.json))
        let layer = try vault(database, key: 2).layer(of: version(sealed))
        do throws(ConfigurationErrors) {
            _ = try Settings.parse("", file: nil, layer: layer)
            Issue.record("a sealed text was taken for a secret")
        } catch {
            #expect(error.problems.map(\.path) == ["providers.new.api_key"])
        }
        try database.close()
    }
}
