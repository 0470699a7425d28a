/// Everything an operator can set, with its defaults. Zero configuration is a valid configuration.
///
/// Made by ``load(path:environment:)`` from `sira.yaml` and the environment; ``init()`` gives the defaults.
package struct Settings: Sendable {
    package var server = ServerSettings()
    package var admin = AdminSettings()
    /// Providers by id; an id of the catalogue changes what the catalogue says, any other adds a provider.
    package var providers: [String: ProviderSettings] = [:]
    /// Models by the name that clients use.
    package var models: [String: ModelSettings] = [:]
    /// Other names of models: alias → model. Never a cycle.
    package var aliases: [String: String] = [:]
    package var limits = LimitSettings()
    package var storage = StorageSettings()
    package var logging = LoggingSettings()
    package var stream = StreamSettings()
    /// Where the values were written, for problems that are found later.
    package var origin = SettingsOrigin()

    package init() {}
}

extension Settings: Equatable {
    /// Whether all values are the same, wherever they were written.
    package static func == (left: Settings, right: Settings) -> Bool {
        left.server == right.server && left.admin == right.admin && left.providers == right.providers
            && left.models == right.models && left.aliases == right.aliases && left.limits == right.limits
            && left.storage == right.storage && left.logging == right.logging && left.stream == right.stream
    }
}
