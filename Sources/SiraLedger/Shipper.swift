import Logging
import SiraStorage
import Synchronization

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
    private let stuck = Mutex(StuckSegments())

    /// So many refused records of a segment are named in the log; the others are only counted.
    private static let refusalsLogged = 10

    /// What the store did with a segment's records.
    private struct Delivery {
        var records = 0
        var inserted = 0
        var refused = 0
    }

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
    /// A segment whose file gives trouble is left for a later round, and the others are shipped all the same.
    ///
    /// - Throws: the store's error at once; ``JournalError`` at the end, when a segment could not be read, deleted or
    ///   put aside. What was shipped stays shipped.
    func shipOnce() async throws -> Shipment {
        var shipment = Shipment()
        var fault: JournalError?
        var waiting = stuck.withLock { $0.begin() }
        while let name = registry.nextClosed(apartFrom: waiting) {
            do {
                try await ship(name, into: &shipment)
                stuck.withLock { $0.released(name) }
            } catch let error as JournalError {
                stuck.withLock { $0.failed(name) }
                waiting.insert(name)
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
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
        registry.counted(name, records: bytes.withUnsafeBytes { Segment.frameCount(in: $0) })
        var reader = SegmentReader()
        var delivery = Delivery()
        while true {
            let batch = bytes.withUnsafeBytes { reader.next(batchSize, in: $0) }
            guard !batch.isEmpty else { break }
            delivery.records += batch.count
            try await insert(batch[...], of: name, &delivery)
        }
        try dispose(of: name, reader, delivery, bytes: bytes.count, &shipment)
        registry.removed(name)
        shipment.segments += 1
        shipment.records += delivery.records
        shipment.inserted += delivery.inserted
        shipment.refused += delivery.refused
    }

    /// Hands a batch to the store.
    ///
    /// One that it will never take is halved until the records are found that are to blame; the others are kept.
    private func insert(_ batch: ArraySlice<UsageRecord>, of name: SegmentName, _ delivery: inout Delivery) async throws
    {
        do {
            delivery.inserted += try await store.insert(Array(batch))
        } catch let fault as any StoreFault where fault.blamesRecords {
            guard batch.count > 1 else {
                delivery.refused += 1
                if delivery.refused <= Self.refusalsLogged, let record = batch.first {
                    logger.critical(
                        "the store refuses a usage record for good; it is kept in the segment, which will be put aside",
                        metadata: [
                            "segment": "\(name)", "request": "\(record.request)", "attempt": "\(record.attempt)",
                            "error": "\(fault)",
                        ]
                    )
                }
                return
            }
            let middle = batch.startIndex + batch.count / 2
            try await insert(batch[..<middle], of: name, &delivery)
            try await insert(batch[middle...], of: name, &delivery)
        }
    }

    /// After the commit: the file is deleted, or put aside when there is something in it that is not booked.
    private func dispose(
        of name: SegmentName,
        _ reader: SegmentReader,
        _ delivery: Delivery,
        bytes: Int,
        _ shipment: inout Shipment
    ) throws(JournalError) {
        if reader.tornBytes > 0 {
            // Normal after a crash or a full disk: who waited for that record has had no answer, or it was written
            // again to the next segment.
            logger.debug(
                "the last record of a journal segment was not written to its end",
                metadata: [
                    "segment": "\(name)", "bytes": "\(reader.tornBytes)",
                ]
            )
        }
        guard reader.isDamaged || delivery.refused > 0 else {
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
                "a journal segment is not booked whole; what could be is, and the file was put aside",
                metadata: [
                    "file": "\(path)", "bytes": "\(bytes)", "records": "\(delivery.records)",
                    "unreadable": "\(reader.unreadable)", "unreadable_bytes": "\(reader.unreadableBytes)",
                    "refused": "\(delivery.refused)",
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
    /// Those of them that the store will never take; they stay in segments that were put aside.
    package var refused = 0
    /// Segments that were put aside, because they are damaged or hold refused records.
    package var damaged = 0

    package init() {}
}
