/// The journal of usage records.
package struct JournalSettings: Hashable, Sendable {
    package var sync = Sync.interval
    /// Time between two flushes to the disk, for ``Sync/interval``.
    package var syncInterval: Duration = .milliseconds(100)
    /// Size at which a new segment is begun.
    package var segmentBytes = 64 << 20
    /// Size of all segments together at which the journal counts as full.
    package var maxBytes = 10_000_000_000
    package var whenFull = WhenFull.refuse

    /// When records are forced to the disk. The operating system has them before the client has its answer in any
    /// case: this is about power cuts, not about crashes of the gateway.
    package enum Sync: String, Hashable, Sendable, CaseIterable {
        case everyWrite = "every_write"
        case interval
        case never
    }

    /// What becomes of requests while records cannot be kept.
    package enum WhenFull: String, Hashable, Sendable, CaseIterable {
        case serve
        case refuse
    }

    package init() {}
}
