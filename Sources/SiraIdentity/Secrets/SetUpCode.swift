package import SiraCore
import Synchronization

/// What whoever can read the log of the gateway shows to become its owner; a new one each start.
package final class SetUpCode: Sendable {
    private let code = RandomText.draw()
    private let state = Mutex((tries: 0, isTaken: false))

    /// Wrong tries, after which the gateway has to be started anew.
    private static let tries = 10

    package init() {}

    /// The code itself, for banner and log alone.
    package var text: Secret { code.text }

    /// Whether no more tries are taken.
    package var isSpent: Bool { state.withLock { $0.tries >= Self.tries } }

    /// Takes the code for one attempt at a time to become the owner.
    ///
    /// - Throws: ``SignInError/wrongSetUpCode``, ``SignInError/setUpLocked``.
    func take(_ given: Secret) throws(SignInError) {
        // The digests are compared, so that the time tells nothing.
        let isRight = RandomText.hash(of: given.reveal()) == code.hash
        let outcome = state.withLock { state -> SignInError? in
            guard state.tries < Self.tries else { return .setUpLocked }
            guard isRight else {
                state.tries += 1
                return .wrongSetUpCode
            }
            guard !state.isTaken else { return .busy }
            state.isTaken = true
            return nil
        }
        if let outcome { throw outcome }
    }

    /// Gives the code back after an attempt that came to nothing.
    func giveBack() { state.withLock { $0.isTaken = false } }
}
