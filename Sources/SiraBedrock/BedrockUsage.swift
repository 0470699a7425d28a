internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the `usage` of a Converse answer, or of an event `metadata`; nil when it names no tokens.
    ///
    /// `inputTokens` leaves out what was read from and written to the cache; ``Usage`` does not.
    init?(converse json: JSONValue) {
        guard json.kind == .object else { return nil }
        let fresh = json.tokens("inputTokens")
        let answer = json.tokens("outputTokens")
        guard fresh != nil || answer != nil else { return nil }
        let read = json.tokens("cacheReadInputTokens") ?? json.tokens("cacheReadInputTokenCount") ?? 0
        var written = json.tokens("cacheWriteInputTokens") ?? json.tokens("cacheWriteInputTokenCount") ?? 0
        var long = 0
        if let details = json.present("cacheDetails") {
            let hour = details.elements.filter { $0["ttl"]?.isString("1h") == true }
            long = hour.reduce(0) { $0 + ($1.tokens("inputTokens") ?? 0) }
            written = max(written, long)
        }
        self.init(Usage(input: (fresh ?? 0) + read + written, output: answer ?? 0))
        usage.cacheRead = read
        usage.cacheWrite = written - long
        usage.cacheWriteLong = long
        lacksInput = fresh == nil
        lacksOutput = answer == nil
    }

    /// Reads what a model answers to a request in its own terms (`InvokeModel`), streamed or whole, as far as the
    /// terms are those of Converse, of Anthropic, of Titan, or Bedrock's own figures at a stream's end.
    init?(invoke json: JSONValue) {
        if let metrics = json.present("amazon-bedrock-invocationMetrics") {
            self.init(
                fresh: metrics.tokens("inputTokenCount"),
                read: metrics.tokens("cacheReadInputTokenCount"),
                written: metrics.tokens("cacheWriteInputTokenCount"),
                output: metrics.tokens("outputTokenCount")
            )
        } else if let usage = json.present("usage") ?? json.present("metadata")?.present("usage") {
            if usage["inputTokens"] != nil {
                self.init(converse: usage)
            } else {
                self.init(
                    fresh: usage.tokens("input_tokens") ?? usage.tokens("prompt_tokens"),
                    read: usage.tokens("cache_read_input_tokens"),
                    written: usage.tokens("cache_creation_input_tokens"),
                    output: usage.tokens("output_tokens") ?? usage.tokens("completion_tokens")
                )
                let long = usage.present("cache_creation")?.tokens("ephemeral_1h_input_tokens") ?? 0
                self.usage.moveToLong(long)
            }
        } else if let input = json.tokens("inputTextTokenCount") {
            let results = json.present("results").map { $0.elements.reduce(0) { $0 + ($1.tokens("tokenCount") ?? 0) } }
            let isEmbedding = json["embedding"] != nil || json["embeddings"] != nil
            let output = results ?? json.tokens("totalOutputTextTokenCount") ?? (isEmbedding ? 0 : nil)
            self.init(fresh: input, read: nil, written: nil, output: output)
        } else {
            return nil
        }
    }

    private init?(fresh: Int?, read: Int?, written: Int?, output: Int?) {
        guard fresh != nil || output != nil else { return nil }
        self.init(Usage(input: (fresh ?? 0) + (read ?? 0) + (written ?? 0), output: output ?? 0))
        usage.cacheRead = read ?? 0
        usage.cacheWrite = written ?? 0
        lacksInput = fresh == nil
        lacksOutput = output == nil
    }
}

extension Usage {
    /// Tells of what was written to the cache how much of it was written for an hour.
    mutating func moveToLong(_ count: Int) {
        let written = cacheWrite + cacheWriteLong
        cacheWriteLong = min(count, written)
        cacheWrite = written - cacheWriteLong
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
