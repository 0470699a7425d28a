import Logging
import SiraStorage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Moves closed segments into the database: read, insert, and only then delete.
///
/// Whatever interrupts it, it can begin again with the same segment, because the store passes over records that it
/// has. One caller at a time.
final class Shipper: Sendable {
    private let directory: JournalDirectory
    private let registry: SegmentRegistry
    private let store: any UsageStore
    private let batchSize: Int
    private let logger: Logger

    init(
        directory: JournalDirectory,
        registry: SegmentRegistry,
        store: any UsageStore,
        batchSize: Int,
        logger: Logger
    ) {
        self.directory = directory
        self.registry = registry
        self.store = store
        self.batchSize = max(1, batchSize)
        self.logger = logger
    }

    /// Ships every segment that nobody writes to, oldest first.
    ///
    /// - Throws: the store's error, or ``JournalError`` when a segment cannot be read or deleted. What was shipped
    ///   before stays shipped.
    func shipOnce() async throws -> Shipment {
        var shipment = Shipment()
        while let name = registry.nextClosed() {
            try await ship(name, into: &shipment)
        }
        return shipment
    }

    private func ship(_ name: SegmentName, into shipment: inout Shipment) async throws {
        let bytes: [UInt8]
        switch directory.contents(of: name) {
        case .success(let read):
            bytes = read
        case .failure(let error) where error.number == ENOENT:
            logger.error("a journal segment has disappeared", metadata: ["segment": "\(name)"])
            registry.removed(name)
            return
        case .failure(let error):
            throw JournalError.unusable(path: directory.location(of: name), error)
        }
        let contents = bytes.withUnsafeBytes { SegmentContents($0) }
        registry.counted(name, records: contents.records.count)
        for start in stride(from: 0, to: contents.records.count, by: batchSize) {
            let batch = contents.records[start..<min(start + batchSize, contents.records.count)]
            shipment.inserted += try await store.insert(Array(batch))
        }
        try dispose(of: name, contents, bytes: bytes.count, &shipment)
        registry.removed(name)
        shipment.segments += 1
        shipment.records += contents.records.count
    }

    /// After the commit: the file is deleted, or put aside when there is something in it that was not understood.
    private func dispose(
        of name: SegmentName,
        _ contents: SegmentContents,
        bytes: Int,
        _ shipment: inout Shipment
    ) throws(JournalError) {
        if case .torn(let count) = contents.end {
            // Normal after a crash or a full disk: who waited for that record has had no answer, or it was written
            // again to the next segment.
            logger.debug(
                "the last record of a journal segment was not written to its end",
                metadata: [
                    "segment": "\(name)", "bytes": "\(count)",
                ]
            )
        }
        guard contents.isDamaged else {
            if let error = directory.delete(name) {
                throw .unusable(path: directory.location(of: name), error)
            }
            return
        }
        switch directory.putAside(name) {
        case .success(let path):
            shipment.damaged += 1
            registry.putAside(1)
            logger.critical(
                "a journal segment is damaged; what could be read is booked, the file was put aside",
                metadata: [
                    "file": "\(path)", "bytes": "\(bytes)", "records": "\(contents.records.count)",
                    "unreadable": "\(contents.unreadable)", "end": "\(contents.end)",
                ]
            )
        case .failure(let error):
            throw .unusable(path: directory.location(of: name), error)
        }
    }
}

/// What one round of shipping did.
package struct Shipment: Hashable, Sendable {
    /// Segments that are out of the journal now.
    package var segments = 0
    /// Records that were in them.
    package var records = 0
    /// Those of them that the store did not have.
    package var inserted = 0
    /// Segments that were put aside because they are damaged.
    package var damaged = 0

    package init() {}
}
