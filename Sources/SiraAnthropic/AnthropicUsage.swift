internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Gathers the figures of one answer, which a stream gives in parts: the prompt's at the start, the answer's so far
/// with each `message_delta`, where the prompt's may come again and then count.
///
/// Anthropic's `input_tokens` leaves out what was read from and written to the cache; ``Usage`` does not.
struct AnthropicUsage {
    private var main = Counts()
    /// Summaries of a conversation that grew too long: billed, and no part of the answer's own figures.
    private var compactions: [Counts] = []
    /// Whether other models were asked along the way, or tools used that are billed by other units.
    private var hasMore = false

    /// Takes what a `usage` object says.
    mutating func take(_ json: JSONValue) {
        main.take(json)
        if let tools = json.present("server_tool_use") {
            // What is fetched from the web is billed as the tokens that it makes, which are among the prompt's.
            let isOther = tools.members.contains { name, count in
                !name.isString("web_search_requests") && !name.isString("web_fetch_requests") && count.integer ?? 0 > 0
            }
            if isOther { hasMore = true }
        }
        guard let iterations = json.present("iterations") else { return }
        // Other models that were asked along the way are iterations too. They have prices of their own, and are not
        // counted at this model's.
        let kinds = iterations.elements.compactMap { $0["type"]?.string }
        if kinds.contains(where: { $0 != "compaction" && $0 != "message" }) { hasMore = true }
        compactions = iterations.elements.filter { $0["type"]?.isString("compaction") == true }.map { iteration in
            var counts = Counts()
            counts.take(iteration)
            return counts
        }
    }

    /// The figures so far, inclusive.
    var reported: ReportedUsage {
        var reported = ReportedUsage(Usage())
        reported.hasMore = hasMore
        for counts in [main] + compactions { counts.add(to: &reported) }
        return reported
    }

    /// The figures of one run of the model.
    private struct Counts {
        var fresh: Int?
        var cacheRead = 0
        var cacheWritten = 0
        var cacheWrittenLong = 0
        var output: Int?
        var thinking = 0
        var searches = 0

        mutating func take(_ json: JSONValue) {
            let fresh = json.tokens("input_tokens")
            let read = json.tokens("cache_read_input_tokens")
            let written = json.tokens("cache_creation_input_tokens")
            // Some servers repeat the prompt's figures as zeros in later events; a prompt is never empty.
            if (fresh ?? 0) + (read ?? 0) + (written ?? 0) > 0 {
                self.fresh = fresh ?? self.fresh
                cacheRead = read ?? cacheRead
                cacheWritten = written ?? cacheWritten
            }
            if let lifetimes = json.present("cache_creation") {
                let short = lifetimes.tokens("ephemeral_5m_input_tokens") ?? 0
                cacheWrittenLong = lifetimes.tokens("ephemeral_1h_input_tokens") ?? 0
                cacheWritten = max(cacheWritten, short + cacheWrittenLong)
            }
            output = json.tokens("output_tokens") ?? output
            searches = json.present("server_tool_use")?.tokens("web_search_requests") ?? searches
            thinking = json.present("output_tokens_details")?.tokens("thinking_tokens") ?? thinking
        }

        func add(to reported: inout ReportedUsage) {
            let long = min(cacheWrittenLong, cacheWritten)
            let answer = output ?? 0
            reported.usage.input += (fresh ?? 0) + cacheRead + cacheWritten
            reported.usage.cacheRead += cacheRead
            reported.usage.cacheWrite += cacheWritten - long
            reported.usage.cacheWriteLong += long
            reported.usage.output += answer
            reported.usage.webSearches += searches
            reported.usage.reasoning += min(thinking, answer)
            if fresh == nil { reported.lacksInput = true }
            if output == nil { reported.lacksOutput = true }
        }
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
