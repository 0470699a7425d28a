internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ReportedUsage {
    /// Reads the `usage` object of a response or a transcription; nil when it tells nothing.
    ///
    /// Tokens of audio and pictures are parts of prompt and answer, and those that were cached are parts of these.
    ///
    /// - Parameter costField: ``Quirks/costField``.
    init?(realtime json: JSONValue, costField: String?) {
        guard json.kind == .object, json.members.contains(where: { _ in true }) else { return nil }
        if json["type"]?.isString("duration") ?? false {
            var usage = Usage()
            let seconds = json["seconds"]?.double ?? 0
            usage.inputAudioTime = Int(min(max(0, seconds), 1e6) * 1_000)
            self.init(usage)
            lacksInput = json["seconds"]?.double == nil
        } else {
            self.init(openAI: json, of: .realtime, costField: costField)
            readParts(of: json)
        }
    }

    private mutating func readParts(of json: JSONValue) {
        let input = json.present("input_token_details") ?? json.present("input_tokens_details")
        let cached = input?.present("cached_tokens_details")
        let output = json.present("output_token_details") ?? json.present("output_tokens_details")
        usage.cacheRead = part("cached_tokens", of: input, whole: usage.input)
        usage.inputAudio = part("audio_tokens", of: input, whole: usage.input)
        usage.inputImage = part("image_tokens", of: input, whole: usage.input)
        usage.reasoning = part("reasoning_tokens", of: output, whole: usage.output)
        usage.outputAudio = part("audio_tokens", of: output, whole: usage.output)
        // xAI bills the time of its voices, Grok's thoughts by themselves.
        if json.counts("billable_audio_seconds") || input?.counts("grok_tokens") ?? false { hasMore = true }
        guard let cached else { return }
        // Cached pictures have a price of their own, and no count.
        if cached.counts("image_tokens") { hasMore = true }
        usage.cacheReadAudio = part("audio_tokens", of: cached, whole: min(usage.cacheRead, usage.inputAudio))
    }

    private func part(_ key: StaticString, of json: JSONValue?, whole: Int) -> Int {
        guard let count = json?[key]?.integer, count > 0 else { return 0 }
        return Int(min(count, Int64(whole)))
    }
}

extension JSONValue {
    /// Whether the member is a number above 0.
    fileprivate func counts(_ key: StaticString) -> Bool { (self[key]?.double ?? 0) > 0 }
}
