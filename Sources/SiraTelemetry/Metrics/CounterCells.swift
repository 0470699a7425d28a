import Synchronization

/// A row of counters with one writer and any number of readers.
///
/// The writer adds by a relaxed load and a relaxed store, which on every processor are a plain load and store: no locked
/// instruction, no contention. A reader sees each counter whole, though not all of them at one instant. A second
/// writer could lose counts but never corrupt one; each lane has its own cells so that there is none.
final class CounterCells: Sendable {
    // The memory is set once, here, and freed in `deinit`; all access in between is atomic.
    private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<Int>>
    let count: Int

    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    /// Adds to one counter.
    ///
    /// Sums stay at the end of the range of `Int`: one absurd figure must not turn a counter negative.
    @inline(__always)
    func add(_ amount: Int, at index: Int) {
        precondition(index >= 0 && index < count)
        cells[index].store(cells[index].load(ordering: .relaxed).saturatingAdd(amount), ordering: .relaxed)
    }

    func value(at index: Int) -> Int {
        precondition(index >= 0 && index < count)
        return cells[index].load(ordering: .relaxed)
    }
}

extension Int {
    /// The sum, or the end of the range that it would go beyond.
    @inline(__always)
    func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
