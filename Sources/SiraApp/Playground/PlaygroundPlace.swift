import SiraCore
import Synchronization

/// A place among the answers of the playground that are under way.
///
/// It is given up, and what is in it is given up with it, once nobody holds it any more: so none stays taken for an answer
/// that nobody waits for, however that came about.
final class PlaygroundPlace: Sendable {
    private let place: Place
    private let abandon = Mutex<(@Sendable () -> Void)?>(nil)

    /// nil where all are taken.
    init?(in places: Places) {
        guard let place = places.take() else { return nil }
        self.place = place
    }

    deinit {
        abandon.withLock { $0 }?()
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
