import SiraCore
import SiraJSON

extension Usage {
    /// Reads the `usage` object of an OpenAI-style answer, in the spellings of those who follow OpenAI; nil when it
    /// names no tokens.
    ///
    /// OpenAI counts inclusively, as ``Usage`` does. xAI leaves reasoning out of `completion_tokens`, which shows in
    /// `total_tokens`. Parts that are more than their whole are cut to it: Azure's Grok counts its own hidden prompt
    /// as cached, and not in `prompt_tokens`.
    init?(openAI json: JSONValue) {
        guard json.kind == .object else { return nil }
        let prompt = json.tokens("prompt_tokens") ?? json.tokens("input_tokens")
        let completion = json.tokens("completion_tokens") ?? json.tokens("output_tokens")
        let total = json.tokens("total_tokens")
        guard prompt != nil || completion != nil || total != nil else { return nil }
        self.init()
        let promptDetails = json.present("prompt_tokens_details") ?? json.present("prompt_token_details")
        let answerDetails = json.present("completion_tokens_details") ?? json.present("completion_token_details")

        output = completion ?? 0
        input = prompt ?? max(0, (total ?? 0) - output)
        let read =
            promptDetails?.tokens("cached_tokens") ?? json.tokens("prompt_cache_hit_tokens")
            ?? json.tokens("num_cached_tokens") ?? json.tokens("cached_tokens")
            ?? json.tokens("cache_read_input_tokens") ?? 0
        let written =
            promptDetails?.tokens("cache_write_tokens") ?? json.tokens("cache_creation_input_tokens") ?? 0
        cacheRead = min(read, input)
        cacheWrite = min(written, input - cacheRead)
        inputAudio = min(promptDetails?.tokens("audio_tokens") ?? 0, input)

        reasoning = answerDetails?.tokens("reasoning_tokens") ?? 0
        if reasoning > 0, let total, let prompt, total == prompt + output + reasoning { output += reasoning }
        outputAudio = min(answerDetails?.tokens("audio_tokens") ?? 0, output)
        reasoning = min(reasoning, output)
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
