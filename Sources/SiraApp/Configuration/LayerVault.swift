import SiraConfiguration
import SiraCore
import SiraSQLite
import SiraStorage

/// What is changed of the configuration while the gateway runs, where it is kept: with sealed secrets.
struct LayerVault: Sendable {
    let store: any ConfigurationStore
    /// Asked for only when there is a secret.
    let seal: @Sendable () throws -> Seal

    /// The layer of a version.
    ///
    /// A secret that cannot be opened, since the master key is another, is given as it is kept: whoever reads settings of
    /// it is told so, and it can be given anew.
    func layer(of version: ConfigurationVersion) throws(LayerFault) -> SettingsLayer {
        try SettingsLayer(json: version.layer).mappingTexts { path, text in
            guard Seal.isSealed(text) else { return text }
            return (try? seal().open(text, for: Self.place(path))) ?? text
        }
    }

    /// The layer as it is kept.
    ///
    /// - Throws: ``SealError``.
    func sealed(_ layer: SettingsLayer) throws -> [UInt8] {
        try layer.mappingSecrets { path, text in
            Seal.isSealed(text) ? text : try seal().seal(text, for: Self.place(path))
        }.json
    }

    private static func place(_ path: String) -> String { "configuration \(path)" }
}

extension LayerVault {
    init(_ database: SQLiteDatabase) {
        let directory = database.directory
        self.init(store: database.configuration) { try MasterKey.seal(directory: directory, .process) }
    }
}
