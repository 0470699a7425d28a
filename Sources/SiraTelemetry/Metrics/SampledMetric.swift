/// A metric whose value is asked for at each scrape, such as the depth of a queue.
package struct SampledMetric: Sendable {
    /// The full name, such as `sira_journal_bytes`.
    package var name: String
    package var help: String
    package var kind: MetricKind
    /// Fixed label names and values; samples of one name must differ in them.
    package var labels: [(name: String, value: String)]
    /// The value now; nil leaves the sample out.
    ///
    /// Called on the scraper's thread, so it must be quick and not block.
    package var read: @Sendable () -> Double?

    package init(
        _ name: String,
        _ kind: MetricKind,
        help: String,
        labels: [(name: String, value: String)] = [],
        read: @escaping @Sendable () -> Double?
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.read = read
    }

    /// The journal's state, for whoever owns it to register.
    ///
    /// - Parameters:
    ///   - bytes, records: what is not shipped to the database yet. oldestSeconds: the age of the oldest of it.
    ///   - writeErrors: how often the operating system refused to create, to write or to force to the disk, since the
    ///     start.
    ///   - damagedSegments: files that were put aside. isAlarming: 1 while someone should see to the journal, else 0.
    package static func journal(
        bytes: @escaping @Sendable () -> Double?,
        records: @escaping @Sendable () -> Double?,
        oldestSeconds: @escaping @Sendable () -> Double?,
        writeErrors: @escaping @Sendable () -> Double?,
        damagedSegments: @escaping @Sendable () -> Double?,
        isAlarming: @escaping @Sendable () -> Double?
    ) -> [SampledMetric] {
        [
            SampledMetric("sira_journal_bytes", .gauge, help: "Journal not yet shipped, in bytes.", read: bytes),
            SampledMetric("sira_journal_records", .gauge, help: "Journal records not yet shipped.", read: records),
            SampledMetric(
                "sira_journal_oldest_seconds",
                .gauge,
                help: "Age of the oldest journal record that is not yet shipped.",
                read: oldestSeconds
            ),
            SampledMetric(
                "sira_journal_write_errors_total",
                .counter,
                help: "Calls that create, write or synchronize journal files and failed.",
                read: writeErrors
            ),
            SampledMetric(
                "sira_journal_damaged_segments",
                .gauge,
                help: "Journal files that were put aside because not all of them could be booked.",
                read: damagedSegments
            ),
            SampledMetric(
                "sira_journal_alarm",
                .gauge,
                help: "1 while the journal is over its size limit or cannot be written, else 0.",
                read: isAlarming
            ),
        ]
    }
}
