import Foundation
import Logging
import SiraCore
import SiraStorage
import SiraTesting

@testable import SiraLedger

/// A journal in a directory of its own, on a faulty disk, in front of a store in memory.
struct Bench {
    let directory: TemporaryDirectory
    let disk = FaultyDisk()
    let store = MemoryUsageStore()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        directory = try TemporaryDirectory()
    }

    var path: String { directory.path + "/journal" }

    /// Opens the journal, as a start of the server does.
    func open(
        _ settings: JournalSettings = JournalSettings(),
        store other: (any UsageStore)? = nil
    ) throws -> Journal {
        try Journal(
            data: directory.path,
            store: other ?? store,
            settings: settings,
            files: disk.calls,
            clock: .system,
            logger: logger
        )
    }

    static func records(_ count: Int, seed: UInt64 = 1) -> [UsageRecord] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UsageRecord.random(using: &random) }
    }

    /// The names of the segments that lie there.
    func segments(_ folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + folder).filter { $0.hasSuffix(".seg") }.sorted()
    }

    func bytes(_ segment: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + segment)))
    }

    /// Lays a file there, as an earlier process might have left it.
    func leave(_ bytes: [UInt8], as name: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    var stored: Set<UsageRecord> {
        get async throws {
            var filter = UsageFilter()
            filter.limit = .max
            return Set(try await store.records(filter))
        }
    }
}

/// The bytes of a segment with these records.
func segmentBytes(_ records: [UsageRecord]) -> [UInt8] {
    var bytes = Segment.header
    for record in records { Segment.append(record, to: &bytes) }
    return bytes
}

/// What a reader finds in the bytes of a segment, in batches of `limit`.
func readAll(_ bytes: [UInt8], by limit: Int = 3) -> (records: [UsageRecord], reader: SegmentReader) {
    var reader = SegmentReader()
    var records: [UsageRecord] = []
    while true {
        let batch = bytes.withUnsafeBytes { reader.next(limit, in: $0) }
        guard !batch.isEmpty else { return (records, reader) }
        records += batch
    }
}
