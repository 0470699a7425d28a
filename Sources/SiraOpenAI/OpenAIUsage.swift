internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the `usage` object of an OpenAI-style answer; nil when it names no tokens.
    ///
    /// Of prompt, answer and total any two tell the third. An embedding has no answer.
    ///
    /// - Parameter costField: ``Quirks/costField``.
    init?(openAI json: JSONValue, of operation: Operation, costField: String?) {
        guard json.kind == .object else { return nil }
        let prompt = json.tokens("prompt_tokens") ?? json.tokens("input_tokens")
        let told = json.tokens("completion_tokens") ?? json.tokens("output_tokens")
        let total = json.tokens("total_tokens")
        guard prompt != nil || told != nil || total != nil else { return nil }
        let completion = told ?? (operation == .embedding ? 0 : nil)
        let input = prompt ?? completion.flatMap { answer in total.map { max(0, $0 - answer) } }
        let output = completion ?? prompt.flatMap { prompt in total.map { max(0, $0 - prompt) } }
        // A total alone is not divided; it is kept where most of it usually belongs.
        let known = Usage(input: input ?? (output == nil ? total ?? 0 : 0), output: output ?? 0)
        self.init(known.with(partsOf: json, total: input == nil || output == nil ? nil : total))
        lacksInput = input == nil
        lacksOutput = output == nil
        // xAI bills each source of its searches, and each use of its tools.
        hasMore = [json.tokens("num_sources_used"), json.tokens("num_server_side_tools_used")].contains { $0 ?? 0 > 0 }
        // Whoever brings the key of another provider is charged there as well.
        if let costField, json["is_byok"]?.bool != true { charge = json.dollars(at: costField) }
    }
}

extension Usage {
    /// Adds the parts of prompt and answer, in the spellings of those who follow OpenAI.
    ///
    /// OpenAI counts inclusively, as ``Usage`` does. Where `total_tokens` is more than prompt and answer, a follower
    /// does not: the rest is what it is the size of (audio or cached tokens of the prompt), else thoughts, which xAI
    /// leaves out of the answer's tokens and Gemini does not even name. Parts that are more than their whole are cut
    /// to it: Azure's Grok counts its own hidden prompt as cached, and not in `prompt_tokens`.
    fileprivate func with(partsOf json: JSONValue, total: Int?) -> Usage {
        var usage = self
        let promptDetails =
            json.present("prompt_tokens_details") ?? json.present("prompt_token_details")
            ?? json.present("input_tokens_details")
        let answerDetails =
            json.present("completion_tokens_details") ?? json.present("completion_token_details")
            ?? json.present("output_tokens_details")

        usage.cacheRead =
            promptDetails?.tokens("cached_tokens") ?? json.tokens("prompt_cache_hit_tokens")
            ?? json.tokens("num_cached_tokens") ?? json.tokens("cached_tokens")
            ?? json.tokens("cache_read_input_tokens") ?? 0
        usage.cacheWrite =
            promptDetails?.tokens("cache_write_tokens") ?? json.tokens("cache_creation_input_tokens") ?? 0
        usage.inputAudio = promptDetails?.tokens("audio_tokens") ?? 0
        usage.inputImage = promptDetails?.tokens("image_tokens") ?? 0
        usage.outputImage = answerDetails?.tokens("image_tokens") ?? 0
        usage.reasoning = answerDetails?.tokens("reasoning_tokens") ?? 0
        usage.outputAudio = answerDetails?.tokens("audio_tokens") ?? 0
        // OpenRouter and Perplexity; OpenAI itself does not say.
        usage.webSearches =
            json.present("server_tool_use_details")?.tokens("web_search_requests")
            ?? json.present("server_tool_use")?.tokens("web_search_requests") ?? json.tokens("num_search_queries") ?? 0
        usage.settle(rest: (total ?? 0) - input - output)
        return usage
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
        inputImage = min(inputImage, input - inputAudio)
        reasoning = min(reasoning, output)
        outputAudio = min(outputAudio, output)
        outputImage = min(outputImage, output - outputAudio)
    }
}

extension JSONValue {
    /// The amount at a path whose names have points between them; nil when there is none, or it is below 0.
    func dollars(at path: String) -> NanoUSD? {
        let place = path.split(separator: ".").reduce(Optional(self)) { place, name in
            place?.members.first { key, _ in key.string.map { $0 == name } ?? false }?.value
        }
        guard let place, place.kind == .number else { return nil }
        return NanoUSD(rounding: String(decoding: place.raw, as: UTF8.self)).flatMap { $0 < .zero ? nil : $0 }
    }

    /// A count of tokens: not negative, and small enough that sums cannot overflow.
    fileprivate func tokens(_ key: StaticString) -> Int? {
        guard let value = self[key]?.integer, (0...1 << 40).contains(value) else { return nil }
        return Int(value)
    }
}
