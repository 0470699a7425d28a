import SiraCore
import SiraJSON

extension Usage {
    /// Reads the `usage` object of an OpenAI-style answer, in the spellings of those who follow OpenAI; nil when it
    /// names no tokens.
    ///
    /// OpenAI counts inclusively, as ``Usage`` does. Where `total_tokens` is more than prompt and answer, a follower
    /// does not: the rest is what it is the size of (audio or cached tokens of the prompt), else thoughts, which xAI
    /// leaves out of the answer's tokens and Gemini does not even name. Parts that are more than their whole are cut
    /// to it: Azure's Grok counts its own hidden prompt as cached, and not in `prompt_tokens`.
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
        cacheRead =
            promptDetails?.tokens("cached_tokens") ?? json.tokens("prompt_cache_hit_tokens")
            ?? json.tokens("num_cached_tokens") ?? json.tokens("cached_tokens")
            ?? json.tokens("cache_read_input_tokens") ?? 0
        cacheWrite =
            promptDetails?.tokens("cache_write_tokens") ?? json.tokens("cache_creation_input_tokens") ?? 0
        inputAudio = promptDetails?.tokens("audio_tokens") ?? 0
        reasoning = answerDetails?.tokens("reasoning_tokens") ?? 0
        outputAudio = answerDetails?.tokens("audio_tokens") ?? 0
        settle(rest: (total ?? 0) - input - output)
    }

    /// Finds the place of tokens that are in the total only, and cuts parts to their whole.
    private mutating func settle(rest: Int) {
        if rest > 0 {
            if [inputAudio, cacheRead, cacheWrite, cacheRead + cacheWrite].contains(rest) {
                input += rest
            } else {
                output += rest
                reasoning = max(reasoning, rest)
            }
        }
        cacheRead = min(cacheRead, input)
        cacheWrite = min(cacheWrite, input - cacheRead)
        inputAudio = min(inputAudio, input)
        reasoning = min(reasoning, output)
        outputAudio = min(outputAudio, output)
    }
}

extension JSONValue {
    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
