package import SiraCore

extension RateLimitFacts {
    /// Reads the header of a provider's answer; what cannot be read is left out.
    ///
    /// The families of fields, the first one found being the one that is read:
    /// - `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, as of OpenAI, Groq, Together, Fireworks, xAI and Azure.
    ///   A reset is a span such as `6m0s`; where it is missing, Azure's `x-ratelimit-renewalperiod-…` stands for it.
    /// - `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}`; a reset is a time.
    /// - `x-ratelimit-{limit,remaining,reset}-{requests,req,tokens}-{minute,hour,day}`, as of Cerebras, whose resets are
    ///   in seconds, and of Mistral, who does not tell them. Of several windows the one with the least left counts.
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
        facts.requests = allowance(.plainRequests)
        facts.tokens = allowance(.plainTokens)
        return facts.requests != nil || facts.tokens != nil
    }

    func readAnthropic(into facts: inout RateLimitFacts) -> Bool {
        facts.requests = allowance(.anthropicRequests)
        facts.inputTokens = allowance(.anthropicInput)
        facts.tokens = allowance(.anthropicTokens)
        guard facts.requests != nil || facts.tokens != nil || facts.inputTokens != nil else { return false }
        facts.outputTokens = allowance(.anthropicOutput)
        return true
    }

    func readWindows(into facts: inout RateLimitFacts) -> Bool {
        facts.requests = scarcest(FieldNames.requestWindows)
        facts.tokens = scarcest(FieldNames.tokenWindows)
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

    private func allowance(_ names: FieldNames) -> RateLimitFacts.Allowance? {
        guard let remaining = count(names.remaining) else { return nil }
        var resetsAt = reset(names.reset)
        if resetsAt == nil, let period = names.period { resetsAt = reset(period) }
        // Without a word of the provider's, the window that the name tells is the longest that it can take.
        if resetsAt == nil, let window = names.window { resetsAt = time.after(seconds: window) }
        return .init(limit: count(names.limit), remaining: remaining, resetsAt: resetsAt)
    }

    /// Of several windows the one of which the least is left.
    private func scarcest(_ windows: [FieldNames]) -> RateLimitFacts.Allowance? {
        var scarcest: RateLimitFacts.Allowance?
        for names in windows {
            guard let allowance = allowance(names) else { continue }
            if let least = scarcest?.remaining, let left = allowance.remaining, least <= left { continue }
            scarcest = allowance
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

/// The fields that tell of one limit; put together once, since they are looked up for each answer.
private struct FieldNames: Sendable {
    let limit: String
    let remaining: String
    let reset: String
    /// How long a period of the limit is.
    var period: String?
    /// The seconds of the window that the names tell.
    var window: Double?

    static let plainRequests = plain("requests")
    static let plainTokens = plain("tokens")
    static let anthropicRequests = anthropic("requests")
    static let anthropicTokens = anthropic("tokens")
    static let anthropicInput = anthropic("input-tokens")
    static let anthropicOutput = anthropic("output-tokens")
    static let requestWindows = windows("requests") + windows("req")
    static let tokenWindows = windows("tokens")

    private static func plain(_ unit: String) -> FieldNames {
        FieldNames(
            limit: "x-ratelimit-limit-\(unit)",
            remaining: "x-ratelimit-remaining-\(unit)",
            reset: "x-ratelimit-reset-\(unit)",
            period: "x-ratelimit-renewalperiod-\(unit)"
        )
    }

    private static func anthropic(_ unit: String) -> FieldNames {
        FieldNames(
            limit: "anthropic-ratelimit-\(unit)-limit",
            remaining: "anthropic-ratelimit-\(unit)-remaining",
            reset: "anthropic-ratelimit-\(unit)-reset"
        )
    }

    private static func windows(_ unit: String) -> [FieldNames] {
        [("minute", 60.0), ("hour", 3_600), ("day", 86_400)].map { name, seconds in
            FieldNames(
                limit: "x-ratelimit-limit-\(unit)-\(name)",
                remaining: "x-ratelimit-remaining-\(unit)-\(name)",
                reset: "x-ratelimit-reset-\(unit)-\(name)",
                window: seconds
            )
        }
    }
}
