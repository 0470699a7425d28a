import SiraCore
import Synchronization

/// Which segments there are, and how full the journal is: what lanes, shipper and metrics share.
///
/// Lanes come here to open and to close a segment; what they do for each turn is atomic additions.
final class SegmentRegistry: Sendable {
    struct Closed: Sendable {
        var bytes: Int
        /// Nil for segments that an earlier process left, until they are read.
        var records: Int?
    }

    private struct State {
        var open: [SegmentName: OpenSegment] = [:]
        var closed: [SegmentName: Closed] = [:]
        /// Closed, and still to be forced to the disk.
        var unsynchronized: [OpenSegment] = []
    }

    private let state = Mutex(State())
    /// Bytes of all segments on the disk.
    private let bytes = Atomic<Int>(0)
    /// Whether segments were created since the directory was last forced to the disk.
    private let hasNewFiles = Atomic<Bool>(false)
    /// Segments that were put aside, by this process or earlier ones.
    private let damaged = Atomic<Int>(0)
    /// Calls that create, write or force to the disk and failed, since the start.
    private let failures = Atomic<Int>(0)
    /// How many lanes keep as much in memory as they may.
    private let fullLanes = Atomic<Int>(0)
    /// Whether lanes should close what they have, because the shipper has nothing else to do.
    private let wish = Atomic<Bool>(true)

    private let sizeLimit: Int
    private let refusesAtLimit: Bool
    private let keepsUnsynchronized: Bool

    init(settings: JournalSettings) {
        sizeLimit = settings.sizeLimit
        refusesAtLimit = settings.limitPolicy == .refuse
        keepsUnsynchronized = settings.synchronization != .never
    }

    // MARK: lanes

    func opened(_ segment: OpenSegment) {
        bytes.add(segment.bytes.load(ordering: .relaxed), ordering: .relaxed)
        state.withLock { $0.open[segment.name] = segment }
        hasNewFiles.store(true, ordering: .releasing)
    }

    /// The segment has grown by so much.
    func grew(_ segment: OpenSegment, records: Int, bytes count: Int) {
        segment.records.add(records, ordering: .relaxed)
        segment.bytes.add(count, ordering: .relaxed)
        segment.isDirty.store(true, ordering: .releasing)
        bytes.add(count, ordering: .relaxed)
    }

    func closed(_ segment: OpenSegment) {
        let facts = Closed(
            bytes: segment.bytes.load(ordering: .relaxed),
            records: segment.records.load(ordering: .relaxed)
        )
        state.withLock { state in
            state.open[segment.name] = nil
            state.closed[segment.name] = facts
            if keepsUnsynchronized, segment.isDirty.load(ordering: .acquiring) {
                state.unsynchronized.append(segment)
            }
        }
    }

    /// A lane's memory has become full, or has room again.
    func laneBecame(full: Bool) { fullLanes.add(full ? 1 : -1, ordering: .relaxed) }

    /// Whether the shipper would rather have a small segment now than a large one later.
    var wantsSegments: Bool { wish.load(ordering: .relaxed) }

    // MARK: shipper

    /// A segment that an earlier process left.
    func found(_ name: SegmentName, bytes count: Int) {
        bytes.add(count, ordering: .relaxed)
        state.withLock { $0.closed[name] = Closed(bytes: count, records: nil) }
    }

    /// The oldest segment that nobody writes to, apart from some; nil when there is none, and lanes are asked to close
    /// theirs.
    func nextClosed(apartFrom stuck: Set<SegmentName> = []) -> SegmentName? {
        let next = state.withLock { state in
            stuck.isEmpty ? state.closed.keys.min() : state.closed.keys.filter { !stuck.contains($0) }.min()
        }
        wish.store(next == nil, ordering: .relaxed)
        return next
    }

    /// The segment turned out to hold so many records.
    func counted(_ name: SegmentName, records: Int) {
        state.withLock { $0.closed[name]?.records = records }
    }

    /// The segment is no longer in the journal.
    func removed(_ name: SegmentName) {
        guard let gone = state.withLock({ $0.closed.removeValue(forKey: name) }) else { return }
        bytes.subtract(gone.bytes, ordering: .relaxed)
    }

    /// So many segments more lie aside.
    func putAside(_ count: Int) { damaged.add(count, ordering: .relaxed) }

    // MARK: disk

    /// Whether segments were created since this was last asked.
    func takeNewFiles() -> Bool { hasNewFiles.exchange(false, ordering: .acquiringAndReleasing) }

    /// The segments that have grown since this was last asked.
    ///
    /// Closed ones are not named again.
    func takeDirty() -> [OpenSegment] {
        let segments = state.withLock { state in
            defer { state.unsynchronized = [] }
            return state.unsynchronized + state.open.values
        }
        return segments.filter { $0.isDirty.exchange(false, ordering: .acquiringAndReleasing) }
    }

    /// The operating system has refused to create, to write or to force to the disk.
    func writeFailed() { failures.add(1, ordering: .relaxed) }

    // MARK: measures

    var writeErrors: Int { failures.load(ordering: .relaxed) }

    var damagedSegments: Int { damaged.load(ordering: .relaxed) }

    var hasOpenSegments: Bool { state.withLock { !$0.open.isEmpty } }

    var isOverLimit: Bool { bytes.load(ordering: .relaxed) > sizeLimit }

    var acceptsRecords: Bool {
        fullLanes.load(ordering: .relaxed) == 0 && !(refusesAtLimit && isOverLimit)
    }

    var hasFullLane: Bool { fullLanes.load(ordering: .relaxed) > 0 }

    func depth(at now: Timestamp) -> JournalDepth {
        state.withLock { state in
            var depth = JournalDepth()
            depth.damagedSegments = damagedSegments
            for segment in state.open.values {
                depth.bytes += segment.bytes.load(ordering: .relaxed)
                depth.records += segment.records.load(ordering: .relaxed)
            }
            for segment in state.closed.values {
                depth.bytes += segment.bytes
                depth.records += segment.records ?? 0
            }
            depth.segments = state.open.count + state.closed.count
            let oldest = [state.open.keys.min(), state.closed.keys.min()].compactMap(\.self).min()
            if let oldest {
                let age = max(0, now.microseconds - oldest.createdAt.microseconds)
                depth.oldestAge = .microseconds(age)
            }
            return depth
        }
    }
}

/// What is in the journal and not in the database.
package struct JournalDepth: Hashable, Sendable {
    package var segments = 0
    package var bytes = 0
    /// Records; those of segments that an earlier process left are counted once they are read.
    package var records = 0
    /// How long ago the oldest segment was begun; nil when there is none.
    package var oldestAge: Duration?
    /// Segments that were put aside because they are damaged, and are still there or were when the process began.
    package var damagedSegments = 0

    package init() {}
}
