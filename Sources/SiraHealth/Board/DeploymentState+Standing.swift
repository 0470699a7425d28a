extension DeploymentState {
    /// How it stands for a request of so many tokens.
    mutating func standing(tokens: Int, at now: UInt64, _ access: AccessHealth) -> Standing {
        breaker.advance(to: now)
        let percentiles = sketch.percentiles(at: now)
        let totals = breaker.window.totals
        let keys = look(at: now, tokens: tokens, access)
        let drainReason = drainReason ?? access.drainReason
        return Standing(
            state: state(at: now),
            illness: breaker.reason,
            drainReason: drainReason,
            availability: drainReason == nil ? availability(keys, at: now) : .drained,
            inFlight: inFlight,
            firstTokenP50: percentiles?.p50,
            firstTokenP95: percentiles?.p95,
            cost: peak.cost(inFlight: inFlight, at: now),
            errorRate: totals.errorRate,
            attempts: totals.attempts,
            tokensPerSecond: measures.tokensPerSecond,
            meanOutputTokens: measures.meanOutputTokens,
            cacheShare: measures.cacheShare,
            meanCost: measures.meanCost,
            remainingRequests: keys.remainingRequests,
            remainingTokens: keys.remainingTokens
        )
    }

    /// Where the breaker stands; one whose cool-down is over is half-open whether or not anybody has come since.
    func state(at now: UInt64) -> Standing.State {
        switch breaker.phase {
        case .closed: .closed
        case .open(let until) where now < until: .open(until: until)
        case .open, .halfOpen: .halfOpen(places: breaker.places(at: now, rules) ?? 0)
        }
    }

    private func availability(_ keys: KeySurvey, at now: UInt64) -> Availability {
        if breaker.places(at: now, rules) == 0 {
            guard case .open(let until) = breaker.phase, now < until else { return .tried }
            // What lasts longer is what matters to somebody who waits.
            guard let obstacle = keys.obstacle, let later = obstacle.until, later > until else {
                return .open(until: until)
            }
            return obstacle
        }
        return keys.obstacle ?? .available
    }

    /// What the keys allow.
    private struct KeySurvey {
        /// Nil when a key is ready; else the obstacle that falls first.
        var obstacle: Availability?
        var remainingRequests: Int?
        var remainingTokens: Int?
    }

    private func look(at now: UInt64, tokens: Int, _ access: AccessHealth) -> KeySurvey {
        let isWell = access.isWell
        var (ready, knownRequests, knownTokens) = (0, 0, 0)
        var (requests, remainingTokens) = (0, 0)
        var first: Availability?
        for (index, key) in keys.enumerated() {
            if let obstacle = obstacle(of: index, isWell: isWell, tokens: tokens, at: now, access) {
                if (obstacle.until ?? .max) < (first?.until ?? .max) { first = obstacle }
                continue
            }
            ready += 1
            if let left = key.quota.remainingRequests(at: now) {
                knownRequests += 1
                requests += left
            }
            if let left = key.quota.remainingTokens(at: now) {
                knownTokens += 1
                remainingTokens += left
            }
        }
        guard ready > 0 else { return KeySurvey(obstacle: first, remainingRequests: 0, remainingTokens: 0) }
        return KeySurvey(
            obstacle: nil,
            remainingRequests: knownRequests == ready ? requests : nil,
            remainingTokens: knownTokens == ready ? remainingTokens : nil
        )
    }

    /// Why a key may not be used now; nil when it may.
    private func obstacle(
        of key: Int,
        isWell: Bool,
        tokens: Int,
        at now: UInt64,
        _ access: AccessHealth
    ) -> Availability? {
        if !isWell {
            let readiness = access.readiness(of: key, at: now)
            if readiness > now { return .refused(until: readiness) }
        }
        return switch keys[key].state(tokens: tokens, at: now) {
        case .ready: nil
        case .cooling(let until): .cooling(until: until)
        case .spent(let until): .spent(until: until)
        }
    }
}
