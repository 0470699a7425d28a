/// All that is known of a deployment; pure but for the access's keys, which it asks and tells.
struct DeploymentState: Sendable {
    var rules: HealthRules
    var breaker: Breaker
    var keys: [KeyHealth]
    var drainReason: String?
    var inFlight = 0
    var sketch = LatencySketch()
    var peak = PeakEWMA()
    var measures = AnswerMeasures()
    /// The key that is looked at first next time.
    private var turn: Int
    /// Whether an attempt has ever begun.
    private(set) var isUsed = false
    /// When an attempt last began or ended, or a probe.
    private var seenAt: UInt64 = 0

    init(keyCount: Int, firstTurn: Int, rules: HealthRules) {
        self.rules = rules
        breaker = Breaker(rules)
        keys = [KeyHealth](repeating: KeyHealth(), count: keyCount)
        turn = firstTurn % keyCount
    }

    mutating func adopt(_ new: HealthRules) {
        breaker.adopt(new, insteadOf: rules)
        rules = new
    }

    /// Goes on with the keys of another access; what is known of those that stayed goes with them.
    mutating func moveKeys(from old: [String], to access: AccessHealth) {
        let known = keys
        keys = (0..<access.keyCount).map { index in
            guard access.keys.indices.contains(index), let earlier = old.firstIndex(of: access.keys[index]) else {
                return KeyHealth()
            }
            return known[earlier]
        }
        turn %= keys.count
    }

    // MARK: the course of an attempt

    mutating func begin(at now: UInt64, tokens: Int, preferring preferred: Int?, _ access: AccessHealth) -> Begun? {
        guard drainReason == nil, !access.isDrained, breaker.places(at: now, rules) != 0 else { return nil }
        let tokens = max(0, tokens)
        guard let (key, keyPermit) = takeKey(tokens: tokens, at: now, preferring: preferred, access) else { return nil }
        guard let permit = breaker.begin(at: now, rules) else {
            if let keyPermit { access.giveBack(key, keyPermit) }
            return nil
        }
        inFlight += 1
        isUsed = true
        seenAt = now
        let spent = keys[key].begin(tokens: tokens)
        return Begun(at: now, key: key, tokens: tokens, permit: permit, keyPermit: keyPermit, spent: spent)
    }

    /// Takes in the time to the first token in microseconds.
    mutating func noteFirstToken(_ time: UInt64, _ permit: Breaker.Permit, at now: UInt64) {
        sketch.add(time, at: now)
        peak.observe(time, at: now)
        breaker.noteFirstToken(time, permit, at: now, rules)
    }

    mutating func noteLimits(_ facts: RateLimitFacts, _ begun: Begun, at now: UInt64) {
        guard keys.indices.contains(begun.key) else { return }
        keys[begun.key].note(facts, begun, at: now)
    }

    mutating func end(_ begun: Begun, _ end: AttemptEnd, at now: UInt64, _ access: AccessHealth) {
        inFlight = max(0, inFlight - 1)
        seenAt = max(seenAt, now)
        var firstToken = begun.firstToken
        if firstToken == nil, let time = end.firstToken {
            firstToken = time / .nanosecondsPerMicrosecond
            noteFirstToken(time / .nanosecondsPerMicrosecond, begun.permit, at: now)
        }
        tellKey(begun, end.verdict, at: now, access)
        switch end.verdict {
        case .success:
            keys[begun.key].succeed(begun)
            measures.observe(end, lasting: now.passed(since: begun.at), firstToken: firstToken)
            breaker.succeed(begun.permit, firstToken: firstToken, at: now, rules)
        case .neutral: breaker.giveBack(begun.permit)
        case .failure(.authentication): breaker.giveBack(begun.permit)
        case .failure(.rateLimited):
            let isNews = keys[begun.key].refuse(begun, at: now, rules)
            breaker.noteRateLimited(at: now)
            // A burst that meets a limit is one failure, however many requests were under way.
            if isNews, keys.allSatisfy({ $0.isCooling(at: now) }) {
                breaker.fail(.rateLimited, begun.permit, at: now, rules)
            } else {
                breaker.giveBack(begun.permit)
            }
        case .failure(let kind):
            keys[begun.key].heedAdvice(at: now, rules)
            // It would have taken longer still. A failure that came fast says nothing about speed.
            if firstToken == nil, kind == .timeout || kind == .slowFirstToken {
                peak.observe(now.passed(since: begun.at) / .nanosecondsPerMicrosecond, at: now)
            }
            breaker.fail(kind, begun.permit, hadBegun: firstToken != nil, at: now, rules)
        }
    }

    // MARK: probes

    func wantsProbe(at now: UInt64, _ access: AccessHealth) -> Bool {
        guard let interval = rules.probeInterval, drainReason == nil, !access.isDrained, inFlight == 0 else {
            return false
        }
        let isRefused = !access.isWell && keys.indices.allSatisfy { access.breaker(of: $0)?.phase != .closed }
        guard breaker.phase != .closed || isRefused else { return false }
        return now.passed(since: seenAt) >= interval
    }

    mutating func noteProbe(succeeded: Bool, key: Int?, at now: UInt64, _ access: AccessHealth) {
        seenAt = max(seenAt, now)
        breaker.noteProbe(succeeded: succeeded, at: now, rules)
        guard succeeded, let key = key ?? (keys.count == 1 ? 0 : nil) else { return }
        access.noteProbe(of: key, at: now)
    }

    // MARK: keys

    /// The preferred key if it is ready, else the next one in turn that is.
    private mutating func takeKey(
        tokens: Int,
        at now: UInt64,
        preferring preferred: Int?,
        _ access: AccessHealth
    ) -> (key: Int, permit: Breaker.Permit?)? {
        if let preferred, keys.indices.contains(preferred),
            let taken = take(preferred, tokens: tokens, at: now, access)
        {
            return taken
        }
        for step in keys.indices {
            let key = (turn + step) % keys.count
            guard let taken = take(key, tokens: tokens, at: now, access) else { continue }
            turn = (key + 1) % keys.count
            return taken
        }
        return nil
    }

    private func take(
        _ key: Int,
        tokens: Int,
        at now: UInt64,
        _ access: AccessHealth
    ) -> (key: Int, permit: Breaker.Permit?)? {
        guard keys[key].state(tokens: tokens, at: now) == .ready else { return nil }
        guard !access.isWell else { return (key, nil) }
        guard let permit = access.begin(key, at: now) else { return nil }
        return (key, permit)
    }

    private func tellKey(_ begun: Begun, _ verdict: Verdict, at now: UInt64, _ access: AccessHealth) {
        switch verdict {
        case .failure(.authentication): access.refuse(begun.key, begun.keyPermit, begunAt: begun.at, at: now)
        case .success, .failure(.rateLimited):
            if let permit = begun.keyPermit { access.accept(begun.key, permit, at: now) }
        case .neutral, .failure:
            if let permit = begun.keyPermit { access.giveBack(begun.key, permit) }
        }
    }
}
