import Synchronization

/// How a deployment does: a model at an access.
///
/// Shared between lanes. Each attempt is `begin`, perhaps `noteLimits` and `noteFirstToken`, and `end` exactly once. One that may not begin
/// must not be sent.
///
/// What keeps attempts away, in the order in which it is told: a manual drain; the ``Breaker``, which failures, slow first
/// tokens and ``disable(_:at:)`` open; and its keys, each of which may be cooling down after a 429, be short of quota, or
/// be refused by the provider. A 429 counts as failure only when no key is left that is not cooling down; a refused
/// credential never does. When all keys are refused, the deployment is out of use until the cool-down of one is over
/// or a probe with it succeeds, as are all other deployments of the access.
package final class DeploymentHealth: Sendable {
    package let id: String
    package let access: AccessHealth
    /// Whether it stands for all deployments for which there was no more room: those cannot be disabled.
    package let isShared: Bool
    private let state: Mutex<DeploymentState>
    /// Whether somebody has taken this one out of use.
    private let drained: Atomic<Bool>

    init(id: String, of access: AccessHealth, rules: HealthRules, isShared: Bool = false) {
        self.id = id
        self.access = access
        self.isShared = isShared
        let turn = access.nextTurn.wrappingAdd(1, ordering: .relaxed).oldValue
        drained = Atomic(false)
        state = Mutex(DeploymentState(keyCount: access.keyCount, firstTurn: turn & 0xFFFF, rules: rules))
    }

    /// The same deployment with other keys: what is known of it stays, but for attempts in flight, which end where they
    /// began.
    init(_ earlier: DeploymentHealth, movedTo access: AccessHealth) {
        id = earlier.id
        self.access = access
        isShared = earlier.isShared
        var copy = earlier.state.withLock { $0 }
        copy.inFlight = 0
        copy.breaker = copy.breaker.withoutTrials
        copy.moveKeys(from: earlier.access.keys, to: access)
        drained = Atomic(copy.drainReason != nil)
        state = Mutex(copy)
    }

    func adopt(_ rules: HealthRules) {
        state.withLock { $0.adopt(rules) }
    }

    // MARK: choosing

    /// How it stands now; cheap enough to be asked of each candidate of each request.
    ///
    /// - Parameter tokens: what the request needs of quotas, for ``Standing/availability``.
    package func standing(tokens: Int = 0, at now: UInt64) -> Standing {
        state.withLock { $0.standing(tokens: tokens, at: now, access) }
    }

    // MARK: the course of an attempt

    /// Begins an attempt; nil when none may begin, for which ``standing(tokens:at:)`` says the reason.
    ///
    /// - Parameters:
    ///   - tokens: an estimate of what the provider will count against its limit of tokens.
    ///   - key: the key to be used if it is ready; else the next one in turn is.
    package func begin(at now: UInt64, tokens: Int, preferring key: Int? = nil) -> Begun? {
        state.withLock { $0.begin(at: now, tokens: tokens, preferring: key, access) }
    }

    /// Takes in that the first token came; only the first time counts.
    package func noteFirstToken(_ begun: inout Begun, at now: UInt64) {
        guard begun.firstToken == nil else { return }
        let time = now.passed(since: begun.at) / .nanosecondsPerMicrosecond
        begun.firstToken = time
        let permit = begun.permit
        state.withLock { $0.noteFirstToken(time, permit, at: now) }
    }

    /// Takes in what the answer's header said about limits; before ``end(_:_:at:)``, which goes by it after a 429.
    package func noteLimits(_ facts: RateLimitFacts, _ begun: Begun, at now: UInt64) {
        guard !facts.isEmpty else { return }
        state.withLock { $0.noteLimits(facts, begun, at: now) }
    }

    /// Ends an attempt; exactly once for each.
    package func end(_ begun: Begun, _ end: AttemptEnd, at now: UInt64) {
        state.withLock { $0.end(begun, end, at: now, access) }
    }

    // MARK: taking it out of use

    /// Whether somebody has taken it, or its access, out of use; costs no lock.
    package var isDrained: Bool { drained.load(ordering: .relaxed) || access.isDrained }

    /// Takes it out of use until ``resume()``; attempts in flight go on.
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

    /// Takes in that the provider says it is useless to ask.
    ///
    /// Its breaker opens for the policy's longest cool-down, and then is half-open as after failures; a probe that
    /// succeeds makes it half-open at once.
    package func disable(_ why: Disablement, at now: UInt64) {
        guard !isShared else { return }
        state.withLock { $0.breaker.trip(.disabled(why), at: now, $0.rules) }
    }

    // MARK: probes

    /// Whether it is ill and has had no traffic for the policy's probe interval, so that somebody should ask it.
    package func wantsProbe(at now: UInt64) -> Bool {
        state.withLock { $0.wantsProbe(at: now, access) }
    }

    /// Takes in what a probe found.
    ///
    /// - Parameter key: the key it was made with, which a success shows to be let in; with a single key that one.
    package func noteProbe(succeeded: Bool, key: Int? = nil, at now: UInt64) {
        state.withLock { $0.noteProbe(succeeded: succeeded, key: key, at: now, access) }
    }

    // MARK: for people

    /// Whether an attempt has ever begun; one that was only considered has none.
    package var isUsed: Bool { state.withLock { $0.isUsed } }

    /// All that is known, for people.
    package func report(at now: UInt64) -> DeploymentReport {
        state.withLock { $0.report(id: id, at: now, access) }
    }
}
