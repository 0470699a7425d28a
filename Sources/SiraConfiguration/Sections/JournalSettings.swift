package import SiraLedger

/// The journal of usage records.
///
/// The defaults are the journal's own.
package struct JournalSettings: Hashable, Sendable {
    /// When records are forced to the disk.
    package var sync = Sync.interval
    /// Time between two flushes to the disk, for ``Sync/interval``.
    package var syncInterval = SiraLedger.JournalSettings.usualInterval
    /// Size at which a new segment is begun.
    package var segmentBytes = SiraLedger.JournalSettings().segmentSize
    /// Size of all segments together at which the journal counts as full.
    package var maxBytes = SiraLedger.JournalSettings().sizeLimit
    /// What becomes of new requests while the journal is full.
    package var whenFull = SiraLedger.JournalSettings().limitPolicy

    /// When records are forced to the disk.
    ///
    /// The operating system has them before the client has its answer in any case: this is about power cuts, not about
    /// crashes of the gateway.
    package enum Sync: String, Hashable, Sendable, CaseIterable {
        case everyWrite = "every_write"
        case interval
        case never
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
            .size(65_536...67_108_864),
            needsRestart: true,
            "Size at which a new file is begun. A file is read into memory whole on its way to the database."
        )
        Field(
            "max_bytes",
            \.maxBytes,
            .size(1_048_576...10_000_000_000_000),
            needsRestart: true,
            """
            Size of all files together, at which the journal counts as full. It grows while the database cannot be \
            written.
            """
        )
        Field(
            "when_full",
            \.whenFull,
            .word,
            needsRestart: true,
            """
            What becomes of new requests while the files are larger than `max_bytes`: they are refused with 503 \
            (`refuse`), or served and recorded all the same, so that the journal grows on (`serve`). No request is \
            ever served without a record. So when the disk itself takes no more, records are kept in memory, up to \
            16 MiB for each lane, and beyond that new requests are refused with 503 whatever is set here. Requests \
            in flight are finished and recorded in each of these cases.
            """
        )
    }
}
