package import SiraStorage

/// What somebody wants changed of the configuration.
package struct ConfigurationChange: Sendable {
    /// A merge patch (RFC 7396) as JSON.
    package var patch: [UInt8]
    /// Dotted paths at which the file's words are to hold again.
    package var reset: [String]
    /// The version that it was made for; nil for whichever there is.
    package var base: Int64?
    package var author: Author

    package init(patch: [UInt8] = Array("{}".utf8), reset: [String] = [], base: Int64? = nil, author: Author) {
        self.patch = patch
        self.reset = reset
        self.base = base
        self.author = author
    }
}

/// The configuration as it is shown and changed while the gateway runs.
///
/// Answers are JSON; what cannot be done is thrown as ``EndpointError``.
package struct ConfigurationSource: Sendable {
    /// The settings in force.
    package var view: @Sendable () async throws -> [UInt8]
    /// What a change would come to.
    package var check: @Sendable (ConfigurationChange) async throws -> [UInt8]
    /// Makes a change; gives the version that it became.
    package var apply: @Sendable (ConfigurationChange) async throws -> Int64
    /// The versions that are kept: those before a number, and at most so many.
    package var versions: @Sendable (_ before: Int64?, _ limit: Int) async throws -> [ConfigurationVersion]
    /// Puts a version into force again, as a new one.
    package var restore: @Sendable (_ number: Int64, ConfigurationChange) async throws -> Int64

    package init(
        view: @escaping @Sendable () async throws -> [UInt8],
        check: @escaping @Sendable (ConfigurationChange) async throws -> [UInt8],
        apply: @escaping @Sendable (ConfigurationChange) async throws -> Int64,
        versions: @escaping @Sendable (_ before: Int64?, _ limit: Int) async throws -> [ConfigurationVersion],
        restore: @escaping @Sendable (_ number: Int64, ConfigurationChange) async throws -> Int64
    ) {
        self.view = view
        self.check = check
        self.apply = apply
        self.versions = versions
        self.restore = restore
    }
}
