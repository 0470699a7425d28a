/// How the journal behaves.
///
/// The defaults are also those of the configuration, which takes them from here.
package struct JournalSettings: Hashable, Sendable {
    /// When what was written is forced to the disk.
    ///
    /// Until then it survives the end of the process, however that comes, and not the end of the machine.
    package enum Synchronization: Hashable, Sendable {
        /// Before the answers of the same turn go out; the lane waits for the disk.
        case everyWrite
        /// So often, by a thread of its own.
        case interval(Duration)
        /// When the operating system thinks fit.
        case never
    }

    /// What happens when the journal has reached ``sizeLimit``, because the database cannot be written.
    package enum LimitPolicy: String, Hashable, Sendable, CaseIterable {
        /// Requests go on and are recorded, the journal grows, and there is an alarm.
        case serve
        /// New requests are refused; those in flight are recorded.
        case refuse
    }

    /// Between two times that files are forced to the disk, where it is done at intervals.
    package static let usualInterval: Duration = .milliseconds(100)

    package var synchronization = Synchronization.interval(usualInterval)
    /// A segment is closed at so many bytes.
    package var segmentSize = 8 << 20
    /// A lane that cannot write keeps up to so many bytes in memory before new requests are refused.
    package var memoryLimit = 16 << 20
    /// So many bytes of journal on the disk are too many.
    package var sizeLimit = 10_000_000_000
    package var limitPolicy = LimitPolicy.refuse
    /// How many records go to the database in one transaction.
    package var batchSize = 2_000

    package init() {}
}
