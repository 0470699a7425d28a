internal import SiraCore
internal import SiraJSON

/// Gathers the figures of one answer, which a stream gives in parts: the prompt's at the start, the answer's so far
/// with each `message_delta`, where the prompt's may come again and then count.
///
/// Anthropic's `input_tokens` leaves out what was read from and written to the cache; ``Usage`` does not.
struct AnthropicUsage {
    private var fresh = 0
    private var cacheRead = 0
    private var cacheWritten = 0
    private var cacheWrittenLong = 0
    private var output = 0
    private var thinking = 0

    /// Takes what a `usage` object says.
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
        thinking = json.present("output_tokens_details")?.tokens("thinking_tokens") ?? thinking
    }

    /// The figures so far, inclusive.
    var inclusive: Usage {
        var usage = Usage(input: fresh + cacheRead + cacheWritten, output: output)
        usage.cacheRead = cacheRead
        usage.cacheWriteLong = min(cacheWrittenLong, cacheWritten)
        usage.cacheWrite = cacheWritten - usage.cacheWriteLong
        usage.reasoning = min(thinking, output)
        return usage
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
