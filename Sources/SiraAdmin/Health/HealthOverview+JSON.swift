import SiraCore
import SiraHealth
import SiraJSON

extension HealthOverview {
    /// The body of `/api/health`.
    ///
    /// Times are seconds or, where the name says so, milliseconds; money is decimal dollars in a string.
    ///
    /// - Parameter all: whether deployments are told of that were only ever considered.
    func json(all: Bool) -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object { json in
            json.member("healthy", isHealthy)
            json.array("deployments") { list in
                for report in all ? deployments : notable { report.write(to: &list, now) }
            }
            json.array("providers") { list in
                for access in accesses { access.write(to: &list, now) }
            }
            json.object("retry_budget") {
                $0.member("seconds", 10)
                $0.member("requests", retryBudget.requests)
                $0.member("retries", retryBudget.retries)
            }
            json.object("hedges") {
                $0.member("requests_usd", hedges.requests.description)
                $0.member("extra_usd", hedges.extra.description)
            }
            json.array("routes") { list in
                for route in routes {
                    list.object {
                        $0.member("name", route.name)
                        $0.member("requests_last_minute", route.requests)
                        $0.member("cost_last_hour_usd", route.cost.description)
                    }
                }
            }
        }
        return json.bytes
    }
}

extension DeploymentReport {
    /// Writes all of it as an object.
    func write(to json: inout JSONWriter, _ now: UInt64) {
        json.object { json in
            json.member("id", id)
            json.member("provider", access)
            json.member("state", standing.state.label)
            json.member("available", standing.availability.isAvailable)
            json.member("availability", standing.availability.label)
            json.member("ill", isIll)
            json.member("used", isUsed)
            json.member("reason", orNull: standing.reason)
            json.member("until_seconds", orNull: standing.availability.until.map { secondsLeft($0, now) })
            json.key("drained")
            if let reason = standing.drainReason {
                json.object {
                    $0.member("reason", reason)
                    $0.member("whole_provider", isDrainedWithAccess)
                }
            } else {
                json.null()
            }
            writeFigures(to: &json)
            json.array("keys") { list in
                for key in keys { key.write(to: &list, now) }
            }
        }
    }

    private func writeFigures(to json: inout JSONWriter) {
        json.member("attempts", window.attempts)
        json.member("failures", window.failures)
        json.member("rate_limited", window.rateLimited)
        json.member("error_rate", window.errorRate)
        json.member("first_token_ms_p50", orNull: firstToken.map { Double($0.p50) / 1_000 })
        json.member("first_token_ms_p95", orNull: firstToken.map { Double($0.p95) / 1_000 })
        json.member("in_flight", standing.inFlight)
        json.member("tokens_per_second", orNull: standing.tokensPerSecond)
    }
}

extension KeyReport {
    /// A key that its provider refuses is so at all deployments, which matters more than what it does at one.
    fileprivate func write(to json: inout JSONWriter, _ now: UInt64) {
        json.object { json in
            json.member("index", index)
            json.member("digest", digest)
            switch credential.phase {
            case .closed:
                json.member("state", state.label)
                json.member("until_seconds", orNull: state.until.map { secondsLeft($0, now) })
            case .open, .halfOpen:
                json.member("state", credential.phase.label)
                json.member("until_seconds", orNull: credential.phase.until.map { secondsLeft($0, now) })
            }
            json.member("refusals", refusals)
            json.member("remaining_requests", orNull: remainingRequests)
            json.member("remaining_tokens", orNull: remainingTokens)
        }
    }
}

extension AccessReport {
    fileprivate func write(to json: inout JSONWriter, _ now: UInt64) {
        json.object { json in
            json.member("name", name)
            json.member("drained", orNull: drainReason)
            json.array("keys") { list in
                for key in keys {
                    list.object {
                        $0.member("index", key.index)
                        $0.member("digest", key.digest)
                        $0.member("state", key.phase.label)
                        $0.member("until_seconds", orNull: key.phase.until.map { secondsLeft($0, now) })
                        $0.member("refusals", key.refusals)
                    }
                }
            }
        }
    }
}

extension KeyHealth.State {
    fileprivate var label: String {
        switch self {
        case .ready: "ready"
        case .cooling: "cooling"
        case .spent: "spent"
        }
    }
}

extension Breaker.Phase {
    /// Where a key stands with its provider.
    fileprivate var label: String {
        switch self {
        case .closed: "ready"
        case .open: "refused"
        case .halfOpen: "tried"
        }
    }

    fileprivate var until: UInt64? {
        if case .open(let until) = self { until } else { nil }
    }
}

/// Seconds from now until then, to the millisecond; none where then is past.
private func secondsLeft(_ then: UInt64, _ now: UInt64) -> Double {
    then > now ? Double((then - now) / 1_000_000) / 1_000 : 0
}

extension JSONWriter {
    fileprivate mutating func member(_ key: StaticString, orNull value: String?) {
        if let value { member(key, value) } else { null(key) }
    }

    fileprivate mutating func member(_ key: StaticString, orNull value: Int?) {
        if let value { member(key, value) } else { null(key) }
    }

    fileprivate mutating func member(_ key: StaticString, orNull value: Double?) {
        if let value { member(key, value) } else { null(key) }
    }
}
