package import SiraCore

/// Keeps what is changed of the configuration while the gateway runs: each change makes a version of the whole layer.
package protocol ConfigurationStore: Sendable {
    /// The version in force, which is the newest; nil where nothing was ever changed.
    func latest() async throws -> ConfigurationVersion?

    /// A version that is still kept.
    func version(_ number: Int64) async throws -> ConfigurationVersion?

    /// The newest versions, newest first.
    func versions(before number: Int64?, limit: Int) async throws -> [ConfigurationVersion]

    /// Adds a version and a line of the trail: both or neither.
    ///
    /// - Parameters:
    ///   - version: its number is that of the version that it was made from; 0 for none.
    /// - Returns: with the number that it got.
    /// - Throws: ``ResourceConflict/version(_:)`` when another one has come in between.
    func add(_ version: ConfigurationVersion, _ entry: AuditEntry) async throws -> ConfigurationVersion
}

/// One state of what is changed of the configuration.
package struct ConfigurationVersion: Hashable, Sendable {
    /// Counted from 1.
    package var number: Int64
    package var at: Timestamp
    /// As in ``AuditEntry/actor``.
    package var actor: String
    package var reason: String
    /// A merge patch over the file, with sealed secrets.
    package var layer: [UInt8]
    /// What differs from the version before: a list of objects with path, before and after, without secrets.
    package var changes: [UInt8]

    /// The newest so many are kept.
    package static let kept = 100

    package init(
        number: Int64,
        at: Timestamp,
        actor: String,
        reason: String,
        layer: [UInt8],
        changes: [UInt8]
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.reason = reason
        self.layer = layer
        self.changes = changes
    }
}
