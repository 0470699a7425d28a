import Dispatch
package import SiraCore
import Synchronization

/// Hashes passwords apart from the event loops, two at once at most, so that sign-ins use up neither.
package final class PasswordHasher: Sendable {
    private let cost: PasswordCost
    private let queue = DispatchQueue(label: "sira.passwords", qos: .utility, attributes: .concurrent)
    private let turns = Mutex(Turns())
    /// What passwords of nobody are held against, so that they take as long as those of somebody.
    private let nobody: PasswordHash?

    private struct Turns {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private static let atOnce = 2
    /// How many wait for their turn at most.
    private static let room = 50

    package init(cost: PasswordCost = .standard) {
        self.cost = cost
        nobody = PasswordHash("$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.zeros)")
    }

    /// Salt and hash of no password.
    private static let zeros =
        "\(Base64.encoded([UInt8](repeating: 0, count: 16)))$\(Base64.encoded([UInt8](repeating: 0, count: 32)))"

    /// What is to be kept of a password.
    ///
    /// - Throws: ``SignInError/busy`` when too many wait.
    package func hash(_ password: Secret) async throws -> String {
        let cost = cost
        return try await run { try PasswordHash(of: password, cost: cost).description }
    }

    /// Whether a password is the one of which that was kept; nil is nobody's, takes as long and is never right.
    ///
    /// - Throws: ``SignInError/busy`` when too many wait.
    package func verify(_ password: Secret, against kept: String?) async throws -> Bool {
        let known = kept.flatMap { PasswordHash($0) }
        guard let hash = known ?? nobody else { return false }
        return try await run { try hash.matches(password) } && known != nil
    }

    /// Whether what is kept was made at a lower cost than is usual now.
    package func isOutdated(_ kept: String) -> Bool { PasswordHash(kept)?.cost != cost }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await takeTurn()
        defer { passOn() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }

    private func takeTurn() async throws {
        enum Turn { case now, later, never }
        var isRefused = false
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let turn = turns.withLock { turns -> Turn in
                if turns.running < Self.atOnce {
                    turns.running += 1
                    return .now
                }
                guard turns.waiting.count < Self.room else { return .never }
                turns.waiting.append(continuation)
                return .later
            }
            isRefused = turn == .never
            if turn != .later { continuation.resume() }
        }
        if isRefused { throw SignInError.busy }
    }

    /// Hands the turn to who waits longest.
    private func passOn() {
        let next = turns.withLock { turns -> CheckedContinuation<Void, Never>? in
            guard turns.waiting.isEmpty else { return turns.waiting.removeFirst() }
            turns.running -= 1
            return nil
        }
        next?.resume()
    }
}
