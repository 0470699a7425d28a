package import SiraCore

extension RateLimitFacts {
    /// Reads the header of a provider's answer; what cannot be read is left out.
    ///
    /// The families of fields, the first one found being the one that is read:
    /// - `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, as of OpenAI, Groq, Together, Fireworks, xAI and Azure.
    ///   A reset is a span such as `6m0s`; where it is missing, Azure's `x-ratelimit-renewalperiod-…` stands for it.
    /// - `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}`; a reset is a time.
    /// - `x-ratelimit-{limit,remaining,reset}-{requests,req,tokens}-{minute,hour,day}`, as of Cerebras, whose resets are
    ///   in seconds, and of Mistral, who does not tell them. Of several windows the scarcest counts.
    /// - `x-ratelimitbysize-…` and `ratelimitbysize-{limit,remaining,reset}`, as of Mistral before: tokens.
    /// - `x-ratelimit-{limit,remaining,reset}`, as of OpenRouter, whose reset is a time in milliseconds, and the same
    ///   without `x-` (draft-ietf-httpapi-ratelimit-headers-06): requests.
    ///
    /// `retry-after-ms` and `retry-after` (RFC 9110, section 10.2.3) are read in any case.
    ///
    /// - Parameters:
    ///   - now: the time of day, and at the same moment...
    ///   - uptime: ...the time since start.
    ///   - field: gives the value of a field by its name in lower case.
    package init(now: Timestamp, uptime: UInt64, field: (String) -> String?) {
        self.init()
        withoutActuallyEscaping(field) { field in
            let reader = HeaderReader(time: RateLimitTime(now: now, uptime: uptime), field: field)
            _ =
                reader.readPlainFamily(into: &self) || reader.readAnthropic(into: &self)
                || reader.readWindows(into: &self) || reader.readBySize(into: &self)
                || reader.readUnnamed(into: &self)
            retryAt = reader.retryAt
        }
    }
}

/// Looks fields up and reads them.
private struct HeaderReader {
    let time: RateLimitTime
    let field: (String) -> String?

    var retryAt: UInt64? {
        if let text = field("retry-after-ms"), let milliseconds = RateLimitTime.number(text) {
            return time.after(seconds: milliseconds / 1_000)
        }
        return field("retry-after").flatMap(time.retryAfter)
    }

    func readPlainFamily(into facts: inout RateLimitFacts) -> Bool {
        facts.requests = plain("requests")
        facts.tokens = plain("tokens")
        return facts.requests != nil || facts.tokens != nil
    }

    func readAnthropic(into facts: inout RateLimitFacts) -> Bool {
        facts.requests = anthropic("requests")
        facts.inputTokens = anthropic("input-tokens")
        facts.tokens = anthropic("tokens")
        guard facts.requests != nil || facts.tokens != nil || facts.inputTokens != nil else { return false }
        facts.outputTokens = anthropic("output-tokens")
        return true
    }

    func readWindows(into facts: inout RateLimitFacts) -> Bool {
        facts.requests = scarcest(["requests", "req"])
        facts.tokens = scarcest(["tokens"])
        return facts.requests != nil || facts.tokens != nil
    }

    func readBySize(into facts: inout RateLimitFacts) -> Bool {
        if let remaining = count("x-ratelimitbysize-remaining-minute") {
            facts.tokens = .init(
                limit: count("x-ratelimitbysize-limit-minute"),
                remaining: remaining,
                resetsAt: reset("ratelimitbysize-reset") ?? time.after(seconds: 60)
            )
        } else if let remaining = count("ratelimitbysize-remaining") {
            facts.tokens = .init(
                limit: count("ratelimitbysize-limit"),
                remaining: remaining,
                resetsAt: reset("ratelimitbysize-reset")
            )
        }
        return facts.tokens != nil
    }

    func readUnnamed(into facts: inout RateLimitFacts) -> Bool {
        for prefix in ["x-ratelimit-", "ratelimit-"] {
            guard let remaining = count(prefix + "remaining") else { continue }
            facts.requests = .init(
                limit: count(prefix + "limit"),
                remaining: remaining,
                resetsAt: reset(prefix + "reset")
            )
            return true
        }
        return false
    }

    private func plain(_ unit: String) -> RateLimitFacts.Allowance? {
        guard let remaining = count("x-ratelimit-remaining-" + unit) else { return nil }
        return .init(
            limit: count("x-ratelimit-limit-" + unit),
            remaining: remaining,
            resetsAt: reset("x-ratelimit-reset-" + unit) ?? reset("x-ratelimit-renewalperiod-" + unit)
        )
    }

    private func anthropic(_ unit: String) -> RateLimitFacts.Allowance? {
        guard let remaining = count("anthropic-ratelimit-\(unit)-remaining") else { return nil }
        return .init(
            limit: count("anthropic-ratelimit-\(unit)-limit"),
            remaining: remaining,
            resetsAt: reset("anthropic-ratelimit-\(unit)-reset")
        )
    }

    /// The window of which the smallest share is left.
    private func scarcest(_ units: [String]) -> RateLimitFacts.Allowance? {
        var scarcest: RateLimitFacts.Allowance?
        for unit in units {
            for (window, seconds) in [("minute", 60.0), ("hour", 3_600), ("day", 86_400)] {
                guard let remaining = count("x-ratelimit-remaining-\(unit)-\(window)") else { continue }
                if let other = scarcest?.remaining, other <= remaining { continue }
                scarcest = .init(
                    limit: count("x-ratelimit-limit-\(unit)-\(window)"),
                    remaining: remaining,
                    // Without a word of the provider's, the window itself is the longest that it can take.
                    resetsAt: reset("x-ratelimit-reset-\(unit)-\(window)") ?? time.after(seconds: seconds)
                )
            }
        }
        return scarcest
    }

    /// A number of requests or tokens; nil for negative ones, by which some say that they do not know.
    private func count(_ name: String) -> Int? {
        guard let text = field(name), let number = RateLimitTime.number(text) else { return nil }
        return Int(min(number, Double(1 << 40 as Int)))
    }

    private func reset(_ name: String) -> UInt64? { field(name).flatMap(time.reset) }
}
