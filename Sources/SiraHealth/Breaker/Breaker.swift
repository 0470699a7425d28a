/// Leaves somebody alone who fails, and tries again with little: closed → open → half-open → closed.
///
/// The pattern is M. Nygard's ("Release It!", 2007). Pure: it is told what happened and when, and has no lock.
///
/// An attempt counts for the state it began in. What began before the breaker opened and ends later neither closes nor
/// opens it. A trial is an attempt that began half-open; there are never more of them at once than the rules allow.
package struct Breaker: Sendable {
    /// Where a breaker stands, and until when.
    package enum Phase: Hashable, Sendable {
        case closed
        case open(until: UInt64)
        case halfOpen
    }

    /// What an attempt was begun with, to be given back when it ends.
    package struct Permit: Hashable, Sendable {
        let epoch: UInt32
        let isTrial: Bool
    }

    package private(set) var phase = Phase.closed
    /// When ``phase`` began.
    package private(set) var since: UInt64 = 0
    /// Why it is not closed.
    package private(set) var reason: IllReason?
    /// How many times in a row it has opened without having recovered in between.
    package private(set) var openings = 0
    package private(set) var window: SlidingWindow
    /// Attempts that failed before a first token, since the last one that brought any.
    private var failuresInRow = 0
    /// Answers that broke off, since the last one that came to its end.
    private var brokenInRow = 0
    private var trials = 0
    private var successes = 0
    private var lastCooldown: UInt64 = 0
    /// Counts the phases, so that it is known in which an attempt began.
    private var epoch: UInt32 = 0

    init(_ rules: HealthRules) {
        window = SlidingWindow(length: rules.window)
    }

    // MARK: asking

    /// How many may begin now: nil is any number.
    func places(at now: UInt64, _ rules: HealthRules) -> Int? {
        switch phase {
        case .closed: nil
        case .open(let until) where now < until: 0
        case .open, .halfOpen: max(0, rules.halfOpenAttempts - trials)
        }
    }

    /// Begins an attempt; nil when none may begin.
    mutating func begin(at now: UInt64, _ rules: HealthRules) -> Permit? {
        switch phase {
        case .closed: return Permit(epoch: epoch, isTrial: false)
        case .open(let until):
            guard now >= until else { return nil }
            guard trials < rules.halfOpenAttempts else { return nil }
            enter(.halfOpen, at: now)
        case .halfOpen:
            guard trials < rules.halfOpenAttempts else { return nil }
        }
        trials += 1
        return Permit(epoch: epoch, isTrial: true)
    }

    // MARK: what happened

    /// Takes in a time to the first token, in microseconds, of an attempt that goes on.
    mutating func noteFirstToken(_ time: UInt64, _ permit: Permit, at now: UInt64, _ rules: HealthRules) {
        guard isOfNow(permit) else { return }
        window.addFirstToken(time, at: now)
        if permit.epoch == epoch { failuresInRow = 0 }
        guard phase == .closed, let limit = rules.latency, window.totals.firstTokens >= rules.minimumAttempts,
            let mean = window.totals.meanFirstToken, mean >= limit
        else { return }
        let reason = IllReason.slow(
            milliseconds: Int(mean / 1_000),
            limit: Int(limit / 1_000),
            seconds: rules.windowSeconds
        )
        open(reason, at: now, rules)
    }

    /// Ends an attempt that went well.
    ///
    /// Failures in a row end with its first token, not with its end: that a long answer which began a while ago comes to
    /// its end says little about requests of this moment.
    ///
    /// - Parameter firstToken: microseconds; a trial as slow as what it was opened for is not a recovery.
    mutating func succeed(_ permit: Permit, firstToken: UInt64?, at now: UInt64, _ rules: HealthRules) {
        giveBack(permit)
        if isOfNow(permit) { window.addAttempt(failed: false, at: now) }
        guard permit.epoch == epoch else { return }
        switch phase {
        case .closed:
            brokenInRow = 0
            if firstToken == nil { failuresInRow = 0 }
        case .open: break
        case .halfOpen:
            if case .slow = reason, let firstToken, let limit = rules.latency, firstToken >= limit {
                reopen(at: now, rules)
            } else {
                recover(at: now, rules)
            }
        }
    }

    /// Ends an attempt that failed.
    ///
    /// - Parameter hadBegun: whether its first token had come.
    mutating func fail(
        _ kind: FailureKind,
        _ permit: Permit,
        hadBegun: Bool = false,
        at now: UInt64,
        _ rules: HealthRules
    ) {
        giveBack(permit)
        if isOfNow(permit) { window.addAttempt(failed: true, at: now) }
        guard permit.epoch == epoch else { return }
        switch phase {
        case .closed: judge(after: kind, hadBegun: hadBegun, at: now, rules)
        case .open: break
        case .halfOpen: reopen(at: now, rules)
        }
    }

    /// Ends an attempt that says nothing about health.
    mutating func giveBack(_ permit: Permit) {
        if permit.isTrial { trials = max(0, trials - 1) }
    }

    /// Counts an attempt that was turned away because of a limit, which says nothing about health.
    mutating func noteRateLimited(at now: UInt64) {
        window.addRateLimited(at: now)
    }

    /// Takes in what a probe found, which is nobody's request and takes no place.
    ///
    /// A success in the middle of a cool-down ends it; a failure there changes nothing.
    mutating func noteProbe(succeeded: Bool, at now: UInt64, _ rules: HealthRules) {
        switch phase {
        case .closed:
            guard !succeeded else { return }
            window.addAttempt(failed: true, at: now)
            judge(after: .unreachable, hadBegun: false, at: now, rules)
        case .open(let until):
            if succeeded {
                enter(.halfOpen, at: now)
                recover(at: now, rules)
            } else if now >= until {
                reopen(at: now, rules)
            }
        case .halfOpen: succeeded ? recover(at: now, rules) : reopen(at: now, rules)
        }
    }

    /// Opens it whatever was counted, for the longest cool-down.
    mutating func trip(_ reason: IllReason, at now: UInt64, _ rules: HealthRules) {
        self.reason = reason
        openings = min(openings + 1, 63)
        lastCooldown = rules.longestCooldown
        enter(.open(until: now.later(by: rules.longestCooldown)), at: now)
    }

    /// Lets go of what has fallen out of the window.
    mutating func advance(to now: UInt64) { window.advance(to: now) }

    /// Goes on under other rules; a window of another length begins empty.
    mutating func adopt(_ rules: HealthRules, insteadOf old: HealthRules) {
        if rules.window != old.window { window = SlidingWindow(length: rules.window) }
    }

    /// The same without trials, which end where they began.
    var withoutTrials: Breaker {
        var copy = self
        copy.trials = 0
        return copy
    }

    // MARK: the transitions

    /// Whether an attempt belongs into the window: not when it began before a recovery that came since.
    private func isOfNow(_ permit: Permit) -> Bool { permit.epoch == epoch || phase != .closed }

    private mutating func judge(after kind: FailureKind, hadBegun: Bool, at now: UInt64, _ rules: HealthRules) {
        if hadBegun { brokenInRow += 1 } else { failuresInRow += 1 }
        let row = hadBegun ? brokenInRow : failuresInRow
        if rules.consecutiveFailures > 0, row >= rules.consecutiveFailures {
            return open(.failuresInRow(row, last: kind), at: now, rules)
        }
        let totals = window.totals
        guard totals.attempts >= rules.minimumAttempts, totals.errorRate >= rules.errorRate else { return }
        let percent = Int((totals.errorRate * 100).rounded())
        open(.errorShare(percent: percent, seconds: rules.windowSeconds), at: now, rules)
    }

    private mutating func open(_ reason: IllReason, at now: UInt64, _ rules: HealthRules) {
        // Having been well for a while, it is ill for the first time again.
        if now.passed(since: since) >= max(rules.window, lastCooldown) { openings = 0 }
        self.reason = reason
        reopen(at: now, rules)
    }

    /// Opens for as long as last time and the same again.
    private mutating func reopen(at now: UInt64, _ rules: HealthRules) {
        lastCooldown = rules.doubled(rules.cooldown, times: openings)
        openings = min(openings + 1, 63)
        enter(.open(until: now.later(by: lastCooldown)), at: now)
    }

    private mutating func recover(at now: UInt64, _ rules: HealthRules) {
        successes += 1
        guard successes >= rules.halfOpenSuccesses else { return }
        reason = nil
        window.reset()
        enter(.closed, at: now)
    }

    private mutating func enter(_ next: Phase, at now: UInt64) {
        phase = next
        since = now
        successes = 0
        failuresInRow = 0
        brokenInRow = 0
        epoch &+= 1
    }
}

extension HealthRules {
    /// The window in seconds, for people.
    fileprivate var windowSeconds: Int { Int(window / .nanosecondsPerSecond) }
}
