package import SiraCore
import Synchronization

/// What whoever can read the log of the gateway shows to become its owner; a new one each start.
///
/// Beyond guessing, so that no number of wrong ones has to spend it, which would only help those who mean harm.
package final class SetUpCode: Sendable {
    private enum State { case free, taken, used }

    private let code = RandomText.draw()
    private let state = Mutex(State.free)

    package init() {}

    /// The code itself, for banner and log alone.
    package var text: Secret { code.text }

    /// Whether it is the code; the digests are compared, so that the time tells nothing.
    func matches(_ given: Secret) -> Bool { RandomText.hash(of: given.reveal()) == code.hash }

    /// Takes the code for one attempt at a time to become the owner.
    ///
    /// - Throws: ``SignInError/busy``, ``SignInError/alreadySetUp``.
    func take() throws(SignInError) {
        let earlier = state.withLock { state in
            defer { if state == .free { state = .taken } }
            return state
        }
        switch earlier {
        case .free: return
        case .taken: throw .busy
        case .used: throw .alreadySetUp
        }
    }

    /// Gives the code back after an attempt that came to nothing.
    func giveBack() { state.withLock { $0 = .free } }

    /// Somebody has become the owner with it.
    func use() { state.withLock { $0 = .used } }
}
