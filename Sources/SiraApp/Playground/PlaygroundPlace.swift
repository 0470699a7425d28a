import Synchronization

/// A place among the answers of the playground that are under way.
///
/// It is given up, and what is in it is given up with it, once nobody holds it any more: so none stays taken for an answer
/// that nobody waits for, however that came about.
final class PlaygroundPlace: Sendable {
    /// How many are taken.
    final class Count: Sendable {
        private let taken = Atomic(0)
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        fileprivate func take() -> Bool {
            guard taken.add(1, ordering: .relaxed).newValue <= limit else {
                giveBack()
                return false
            }
            return true
        }

        fileprivate func giveBack() { taken.subtract(1, ordering: .relaxed) }
    }

    private let count: Count
    private let abandon = Mutex<(@Sendable () -> Void)?>(nil)

    /// nil where all are taken.
    init?(in count: Count) {
        guard count.take() else { return nil }
        self.count = count
    }

    deinit {
        abandon.withLock { $0 }?()
        count.giveBack()
    }

    /// Says what is to be done when the answer is given up before it has ended.
    func begin(abandon: @escaping @Sendable () -> Void) {
        self.abandon.withLock { $0 = abandon }
    }

    /// Says that the answer has ended.
    func end() {
        abandon.withLock { $0 = nil }
    }
}
