import SiraConfiguration
import SiraCore
import SiraRouting
import Testing

@testable import SiraApp

@Suite struct LayeredProviderTests {
    private func world(_ layer: String, file: String = "", _ environment: [String: String] = [:]) throws -> World {
        let environment = Environment(environment)
        let settings = try Settings.parse(
            file,
            file: "sira.yaml",
            environment: environment,
            layer: try SettingsLayer(json: Array(layer.utf8))
        )
        return try World(settings: settings, environment: environment)
    }

    private func layer(_ url: String, key: String? = "k") -> String {
        let key = key.map { #","api_key":"\#($0)""# } ?? ""
        return #"{"providers":{"new":{"protocol":"openai","base_url":"\#(url)"\#(key)}}}"#
    }

    @Test(arguments: [
        "http://127.0.0.1/v1", "https://127.0.0.1/v1", "https://localhost/v1", "https://10.1.2.3/v1",
        "https://[::1]/v1",
        "https://192.168.0.9/v1", "http://public.example/v1", "https://[fd00::1]/v1", "https://2130706433/v1",
    ])
    func `a base URL of a layer leads to no address of one's own`(url: String) {
        #expect(throws: ConfigurationErrors.self) { try world(layer(url)) }
    }

    @Test(arguments: ["http://127.0.0.1/v1", "http://10.1.2.3:8000/v1", "http://models.internal/v1"])
    func `the file can allow addresses of one's own`(url: String) throws {
        let world = try world(layer(url), file: "admin: {private_providers: true}")
        #expect(world.accesses.first?.addressGuard?.allowsOwnNetwork == true)
    }

    @Test func `what is not one's own is asked over TLS alone, also where the file allows one's own`() throws {
        let file = "admin: {private_providers: true}"
        #expect(throws: ConfigurationErrors.self) { try world(layer("http://93.184.216.34/v1"), file: file) }
        let named = try world(layer("http://models.internal/v1"), file: file)
        #expect(named.accesses.first?.addressGuard?.allowsPublic == false)
        let encrypted = try world(layer("https://93.184.216.34/v1"), file: file)
        #expect(encrypted.accesses.first?.addressGuard?.allowsPublic == true)
    }

    @Test func `metadata services are never asked`() {
        #expect(throws: ConfigurationErrors.self) {
            try world(layer("http://169.254.169.254/v1"), file: "admin: {private_providers: true}")
        }
    }

    @Test func `names are judged where connections are made, those of the file are not`() throws {
        let file = "providers: {house: {protocol: openai, base_url: 'http://10.0.0.1/v1'}}"
        let world = try world(layer("https://public.example/v1"), file: file)
        #expect(world.accesses.first { $0.name == "new" }?.addressGuard == AddressGuard())
        #expect(world.accesses.first { $0.name == "house" }?.addressGuard == nil)
    }

    @Test func `keys of the environment go to no address of a layer`() throws {
        let environment = ["NEW_API_KEY": "sk-of-the-machine", "OPENAI_API_KEY": "sk-too"]
        let own = try world(layer("https://public.example/v1", key: nil), environment)
        #expect(own.accesses.first { $0.name == "new" }?.credentials.isEmpty == true)
        let known = #"{"providers":{"openai":{"base_url":"https://public.example/v1"}}}"#
        #expect(throws: ConfigurationErrors.self) { try world(known, environment) }
        let plain = try world(#"{"providers":{"openai":{"region":"eu"}}}"#, environment)
        #expect(plain.accesses.first { $0.name == "openai" }?.credentials.count == 1)
    }

    @Test func `a service account of a layer is given itself and not as a file of the machine`() throws {
        func layer(_ key: String) -> String {
            #"{"providers":{"vertex":{"api_key":"\#(key)","variables":{"project":"p","region":"us-east5"}}}}"#
        }
        #expect(throws: ConfigurationErrors.self) { try world(layer("/etc/passwd")) }
        #expect(throws: ConfigurationErrors.self) { try world(layer("account.json")) }
        #expect(try world(layer("ya29.token")).accesses.first?.addressGuard == AddressGuard())
    }
}
