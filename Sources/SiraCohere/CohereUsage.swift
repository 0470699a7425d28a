internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the `usage` of a chat, or the `meta` of another answer; nil when it names nothing.
    ///
    /// What counts is what is billed. `tokens`, which includes what Cohere itself adds to a prompt, stands for it where
    /// that is missing; it also tells how much was thought. `cached_tokens` are of that longer prompt, and are not
    /// billed otherwise: they are left out.
    init?(cohere json: JSONValue) {
        guard let figures = json.present("billed_units") ?? json.present("tokens") else { return nil }
        let text = figures.tokens("input_tokens")
        let images = figures.tokens("image_tokens") ?? 0
        let answer = figures.tokens("output_tokens")
        let searches = figures.tokens("search_units") ?? 0
        let classifications = figures.tokens("classifications") ?? 0
        guard text != nil || answer != nil || searches + classifications > 0 else { return nil }
        self.init(Usage(input: (text ?? 0) + images, output: answer ?? 0))
        usage.inputImage = images
        usage.reasoning = min(json.present("tokens")?.tokens("reasoning_tokens") ?? 0, usage.output)
        // Reranking is billed by searches alone, for which there is no count here.
        hasMore = searches + classifications > 0
        // Embeddings have no answer.
        lacksInput = text == nil && images == 0 && !hasMore
    }
}

extension JSONValue {
    /// A count of tokens, which Cohere may write as 12.0: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
