package import SiraStorage
import Logging
import SiraCore
import Synchronization

/// One event loop's end of the journal.
///
/// Used by that event loop alone.
///
/// The order that nothing is lost by: ``append(_:)`` for each record of a turn, ``flush()`` once, then the turn's
/// answers go out.
package final class JournalLane {
    private let number: Int
    private let directory: String
    private let settings: JournalSettings
    private let registry: SegmentRegistry
    private let files: FileCalls
    private let clock: GatewayClock
    private let logger: Logger

    /// Frames that are not in the file yet.
    private var pending: [UInt8] = []
    private var pendingRecords = 0
    private var segment: OpenSegment?
    private var segmentLength = 0
    private var sequence = 0
    private var isFailing = false
    /// Whether so much is kept in memory that new requests should be refused.
    package private(set) var isFull = false

    init(
        number: Int,
        directory: String,
        settings: JournalSettings,
        registry: SegmentRegistry,
        files: FileCalls,
        clock: GatewayClock,
        logger: Logger
    ) {
        self.number = number
        self.directory = directory
        self.settings = settings
        self.registry = registry
        self.files = files
        self.clock = clock
        self.logger = logger
    }

    /// Takes a record into memory.
    ///
    /// Always does: what has happened must be booked, even when ``isFull``.
    package func append(_ record: UsageRecord) {
        Segment.append(record, to: &pending)
        pendingRecords += 1
    }

    /// Hands everything appended so far to the operating system, in one write where the system lets it.
    ///
    /// Where it fails (a full disk), everything is kept and tried again with the next flush.
    package func flush() {
        guard !pending.isEmpty else { return }
        if let segment = segment ?? openSegment() { write(to: segment) }
        updateFullness()
        if segmentLength >= settings.segmentSize { closeSegment() }
    }

    /// To be called some four times a second: tries again what failed, and lets go of the segment when the shipper
    /// has nothing else to do, so that records reach the database while there is little traffic.
    package func tick() {
        flush()
        if registry.wantsSegments, segmentLength > Segment.header.count { closeSegment() }
    }

    /// Writes what is left and closes the segment; for the end of the event loop.
    ///
    /// - Returns: how many records could not be written and are lost with the process.
    @discardableResult
    package func close() -> Int {
        flush()
        closeSegment()
        if pendingRecords > 0 {
            logger.critical(
                "usage records are lost: the journal could not be written",
                metadata: [
                    "lane": "\(number)", "records": "\(pendingRecords)",
                ]
            )
        }
        return pendingRecords
    }

    // MARK: segments

    private func openSegment() -> OpenSegment? {
        sequence += 1
        let name = SegmentName(lane: number, createdAt: clock.now(), sequence: sequence)
        let path = "\(directory)/\(name)"
        switch files.create(path) {
        case .failure(let error):
            failed("create", error)
            return nil
        case .success(let descriptor):
            let opened = OpenSegment(name: name, descriptor: descriptor, bytes: 0)
            segment = opened
            segmentLength = 0
            registry.opened(opened)
            return opened
        }
    }

    private func closeSegment() {
        guard let closing = segment else { return }
        segment = nil
        segmentLength = 0
        registry.closed(closing)
    }

    // MARK: writing

    /// Writes the pending frames, and the header before them when the file is new.
    private func write(to segment: OpenSegment) {
        if segmentLength == 0 { pending.insert(contentsOf: Segment.header, at: 0) }
        let (written, error) = writePending(segment.descriptor)
        if let error {
            keepUnwritten(written, segment)
            failed("write", error)
            return
        }
        registry.grew(segment, records: pendingRecords, bytes: written)
        segmentLength += written
        pendingRecords = 0
        // After an outage the buffer is large; a turn's records need little.
        pending.removeAll(keepingCapacity: pending.capacity <= 1 << 20)
        if isFailing {
            isFailing = false
            logger.notice("the journal can be written again", metadata: ["lane": "\(number)"])
        }
        if settings.synchronization == .everyWrite { synchronize(segment) }
    }

    private func writePending(_ descriptor: Int32) -> (written: Int, error: FileError?) {
        pending.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                switch files.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...])) {
                case .success(0):
                    return (written, FileError.noSpace)  // POSIX leaves open what this means; trying on would spin
                case .success(let count):
                    written += count
                case .failure(let error) where error.isInterruption:
                    continue
                case .failure(let error):
                    return (written, error)
                }
            }
            return (written, nil)
        }
    }

    /// After a write that ended early: whole records stay in the file, the torn one is cut off and kept in memory.
    private func keepUnwritten(_ written: Int, _ segment: OpenSegment) {
        let isNew = segmentLength == 0
        var end = isNew ? Segment.header.count : 0
        var records = 0
        pending.withUnsafeBytes { bytes in
            while let length = Segment.frameLength(in: bytes, at: end), end + length <= written {
                end += length
                records += 1
            }
        }
        let whole = end <= written ? end : 0
        if whole > 0 { registry.grew(segment, records: records, bytes: whole) }
        pending.removeFirst(end)  // a header is put before it again
        pendingRecords -= records
        segmentLength += whole
        guard written > whole else { return }
        if case .failure(let error) = files.truncate(segment.descriptor, segmentLength) {
            // A torn record at the end does no harm; one in the middle would. So this file gets no more.
            logger.warning(
                "a journal segment could not be cut off after a failed write",
                metadata: [
                    "segment": "\(segment.name)", "error": "\(error)",
                ]
            )
            closeSegment()
        }
    }

    private func synchronize(_ segment: OpenSegment) {
        guard segment.isDirty.exchange(false, ordering: .acquiringAndReleasing) else { return }
        var result = files.synchronize(segment.descriptor)
        if case .success = result, registry.takeNewFiles() { result = files.synchronizeDirectory(directory) }
        if case .failure(let error) = result {
            registry.writeFailed()
            logger.error(
                "the journal could not be forced to the disk",
                metadata: [
                    "segment": "\(segment.name)", "error": "\(error)",
                ]
            )
        }
    }

    private func failed(_ what: String, _ error: FileError) {
        registry.writeFailed()
        guard !isFailing else { return }
        isFailing = true
        logger.error(
            "the journal cannot be written; usage records are kept in memory",
            metadata: [
                "lane": "\(number)", "call": "\(what)", "directory": "\(directory)", "error": "\(error)",
            ]
        )
    }

    private func updateFullness() {
        let full = pending.count > settings.memoryLimit
        guard full != isFull else { return }
        isFull = full
        registry.laneBecame(full: full)
    }
}
