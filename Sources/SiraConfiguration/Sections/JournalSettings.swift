/// The journal of usage records.
package struct JournalSettings: Hashable, Sendable {
    /// When records are forced to the disk.
    package var sync = Sync.interval
    /// Time between two flushes to the disk, for ``Sync/interval``.
    package var syncInterval: Duration = .milliseconds(100)
    /// Size at which a new segment is begun.
    package var segmentBytes = 64 << 20
    /// Size of all segments together at which the journal counts as full.
    package var maxBytes = 10_000_000_000
    /// What becomes of requests while the journal is full.
    package var whenFull = WhenFull.refuse

    /// When records are forced to the disk.
    ///
    /// The operating system has them before the client has its answer in any case: this is about power cuts, not about
    /// crashes of the gateway.
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

extension JournalSettings: SettingsSection {
    static var summary: String { "The journal of usage records, from which the database is filled." }

    static var fields: [Field<Self>] {
        Field(
            "sync",
            \.sync,
            .word,
            needsRestart: true,
            """
            When records are forced to the disk: before each answer ends (`every_write`), every `sync_interval` \
            (`interval`) or when the system likes (`never`). The difference shows when the power fails, not when \
            the gateway does.
            """
        )
        Field(
            "sync_interval",
            \.syncInterval,
            .duration(.milliseconds(1) ... .seconds(60)),
            needsRestart: true,
            "Time between two flushes to the disk."
        )
        Field(
            "segment_bytes",
            \.segmentBytes,
            .size(65_536...4_294_967_296),
            needsRestart: true,
            "Size at which a new file is begun."
        )
        Field(
            "max_bytes",
            \.maxBytes,
            .size(1_048_576...10_000_000_000_000),
            needsRestart: true,
            "Size of all files together, at which the journal is full. It grows while the database is down."
        )
        Field(
            "when_full",
            \.whenFull,
            .word,
            needsRestart: true,
            "Whether requests are served without a record while the journal is full, or refused with 503."
        )
    }
}
