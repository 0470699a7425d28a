import Synchronization

/// How the keys of one access do: which of them its provider refuses.
///
/// A key that is refused (401, 402, 403) at one deployment is left out at all of them: its ``Breaker`` opens at once and
/// lets one request through when its cool-down is over, which doubles each time. Shared between lanes.
package final class AccessHealth: Sendable {
    package let name: String
    /// Short digests of the keys, in their order.
    package let keys: [String]
    /// How many keys there are to choose from: one even where the provider wants none.
    package var keyCount: Int { max(1, keys.count) }

    /// Where ``DeploymentHealth`` starts to look for a key, so that deployments do not all begin with the same one.
    let nextTurn = Atomic<Int>(0)
    /// How many keys are not known to be well; while it is 0, nobody needs the lock.
    private let suspects = Atomic<Int>(0)
    /// Whether somebody has taken it out of use; while nobody has, nobody needs the lock.
    private let drained: Atomic<Bool>
    private let state: Mutex<State>

    private struct State {
        var rules: HealthRules
        var breakers: [Breaker]
        var drainReason: String?
    }

    /// - Parameter earlier: an access of the same name; what is known of a key goes with it.
    init(name: String, keys: [String], rules: HealthRules, from earlier: AccessHealth? = nil) {
        self.name = name
        self.keys = keys
        let rules = rules.forCredentials
        let breakers = (0..<max(1, keys.count)).map { index in
            guard index < keys.count, let earlier, let old = earlier.keys.firstIndex(of: keys[index]) else {
                return Breaker(rules)
            }
            return earlier.state.withLock { $0.breakers[old].withoutTrials }
        }
        suspects.store(breakers.count { $0.phase != .closed }, ordering: .relaxed)
        let reason = earlier?.drainReason
        drained = Atomic(reason != nil)
        state = Mutex(State(rules: rules, breakers: breakers, drainReason: reason))
    }

    // MARK: taking it out of use

    /// Whether somebody has taken it out of use, and with it all of its deployments.
    package var isDrained: Bool { drained.load(ordering: .relaxed) }

    /// Why it was taken out of use; nil where it was not.
    package var drainReason: String? { isDrained ? state.withLock { $0.drainReason } : nil }

    /// Takes it out of use, with all deployments that there are or will be, until ``resume()``; attempts in flight go on.
    package func drain(reason: String) {
        state.withLock { state in
            state.drainReason = reason
            drained.store(true, ordering: .relaxed)
        }
    }

    /// Takes it into use again after ``drain(reason:)``.
    package func resume() {
        state.withLock { state in
            state.drainReason = nil
            drained.store(false, ordering: .relaxed)
        }
    }

    // MARK: keys

    func adopt(_ rules: HealthRules) {
        let rules = rules.forCredentials
        state.withLock { state in
            for index in state.breakers.indices { state.breakers[index].adopt(rules, insteadOf: state.rules) }
            state.rules = rules
        }
    }

    /// Whether all keys are well, as they nearly always are.
    var isWell: Bool { suspects.load(ordering: .relaxed) == 0 }

    /// When a key may be used: `now` if it may already.
    func readiness(of key: Int, at now: UInt64) -> UInt64 {
        state.withLock { state in
            guard state.breakers.indices.contains(key) else { return now }
            guard let places = state.breakers[key].places(at: now, state.rules), places == 0 else { return now }
            if case .open(let until) = state.breakers[key].phase, until > now { return until }
            // One request is trying it; how long that takes nobody knows.
            return now.later(by: .nanosecondsPerSecond)
        }
    }

    /// Begins to use a key; nil when it may not be used.
    func begin(_ key: Int, at now: UInt64) -> Breaker.Permit? {
        state.withLock { $0.breakers.indices.contains(key) ? $0.breakers[key].begin(at: now, $0.rules) : nil }
    }

    /// Takes in that the provider refused a key.
    ///
    /// Of requests begun before a key was last well again, nothing is learned.
    func refuse(_ key: Int, _ permit: Breaker.Permit?, begunAt begun: UInt64, at now: UInt64) {
        change(key) { breaker, rules in
            guard permit == nil else {
                if let permit { breaker.fail(.authentication, permit, at: now, rules) }
                return
            }
            guard breaker.phase == .closed, begun >= breaker.since,
                let permit = breaker.begin(at: now, rules)
            else { return }
            breaker.fail(.authentication, permit, at: now, rules)
        }
    }

    /// Takes in that the provider let a key in.
    func accept(_ key: Int, _ permit: Breaker.Permit, at now: UInt64) {
        change(key) { $0.succeed(permit, firstToken: nil, at: now, $1) }
    }

    /// Takes in that a request ended from which nothing is learned about its key.
    func giveBack(_ key: Int, _ permit: Breaker.Permit) {
        change(key) { breaker, _ in breaker.giveBack(permit) }
    }

    /// Takes in that a probe with a key was let in.
    func noteProbe(of key: Int, at now: UInt64) {
        guard !isWell else { return }
        change(key) { $0.noteProbe(succeeded: true, at: now, $1) }
    }

    /// Where a key stands, for people.
    func breaker(of key: Int) -> Breaker? {
        state.withLock { $0.breakers.indices.contains(key) ? $0.breakers[key] : nil }
    }

    private func change(_ key: Int, _ body: (inout Breaker, HealthRules) -> Void) {
        state.withLock { state in
            guard state.breakers.indices.contains(key) else { return }
            let wasWell = state.breakers[key].phase == .closed
            body(&state.breakers[key], state.rules)
            let isWell = state.breakers[key].phase == .closed
            guard wasWell != isWell else { return }
            suspects.add(isWell ? -1 : 1, ordering: .relaxed)
        }
    }
}
