internal import SiraCatalog
internal import SiraConfiguration
internal import SiraCore
internal import SiraWire

extension ModelSettings {
    /// Whether something is said of the model itself, not only where it is.
    var hasFacts: Bool {
        context != nil || maxOutput != nil || price != nil || capabilities != nil || thinking != nil || refuses != nil
    }

    /// What is `known` of how the model departs from others, and what the operator says in its place.
    func traits(over known: ModelTraits) -> ModelTraits {
        var traits = known
        if let thinking { traits.thinking = thinking.reduce(into: []) { $0.insert($1.way) } }
        if let refuses { traits.refuses = refuses.reduce(into: []) { $0.insert($1.refusal) } }
        return traits
    }
}

extension ThinkingWay {
    fileprivate var way: ModelTraits.ThinkingWays {
        switch self {
        case .budget: .budget
        case .effort: .effort
        }
    }
}

extension ModelRefusal {
    fileprivate var refusal: ModelTraits.Refusals {
        switch self {
        case .sampling: .sampling
        case .samplingInThought: .samplingInThought
        case .samplingPair: .samplingPair
        case .forcedTool: .forcedTool
        case .forcedToolInThought: .forcedToolInThought
        case .prefill: .prefill
        case .thoughtlessness: .thoughtlessness
        }
    }
}

extension PriceSettings {
    /// The names of the prices that are beyond the range of the catalogue's unit.
    var tooHigh: [String] {
        [
            ("per_request", perRequest), ("per_search", perSearch), ("per_image", perImage),
            ("per_audio_hour", perAudioHour),
        ].filter { _, price in price != nil && price?.perMillion == nil }.map(\.0)
    }

    /// The prices in the catalogue's unit, nano-dollars per million.
    ///
    /// Who writes down no more than a price for prompts and one for answers means all of them, cached, thought or
    /// spoken. Who gives a price for some use of the cache means that its uses differ, so what is missing then is not
    /// known.
    var card: RateCard {
        var rates = Rates(input: input?.nanos, output: output?.nanos)
        let cache = cacheRead == nil && cacheWrite == nil && cacheWrite1h == nil ? input : nil
        rates.cacheRead = (cacheRead ?? cache)?.nanos
        rates.cachedAudio = cacheReadAudio?.nanos ?? rates.cacheRead
        rates.cacheWrite = (cacheWrite ?? cache)?.nanos
        rates.cacheWriteLong = (cacheWrite1h ?? cache)?.nanos
        rates.reasoning = (reasoning ?? output)?.nanos
        rates.inputAudio = (audioIn ?? input)?.nanos
        rates.outputAudio = (audioOut ?? output)?.nanos
        rates.inputImage = (imageIn ?? input)?.nanos
        rates.outputImage = (imageOut ?? output)?.nanos
        rates.perImage = perImage?.perMillion
        rates.perCharacter = characters?.nanos
        rates.perAudioHour = perAudioHour?.perMillion
        rates.perRequest = perRequest?.perMillion
        rates.perSearch = perSearch?.perMillion
        return RateCard(base: rates)
    }
}

extension NanoUSD {
    /// Nano-dollars for a million, when this is for one; nil when that is beyond the range.
    fileprivate var perMillion: Int64? {
        let (product, overflow) = nanos.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? nil : product
    }
}

extension Set<ModelCapability> {
    /// What the model is for; nil when the words do not say.
    var kind: ModelKind? {
        if contains(.chat) { return .chat }
        if contains(.embedding) { return .embedding }
        return contains(.completion) ? .completion : nil
    }

    /// The catalogue's words for these.
    ///
    /// Of what the configuration has no word for, what is `known` stays.
    func capabilities(over known: Capabilities) -> Capabilities {
        var result = known.intersection([.videoInput, .webSearch, .systemPrompt, .computerUse])
        for word in self {
            switch word {
            case .tools: result.formUnion([.tools, .toolChoice, .parallelTools])
            case .vision: result.insert(.vision)
            case .documents: result.insert(.pdf)
            case .reasoning: result.insert(.reasoning)
            case .audioInput: result.insert(.audioInput)
            case .audioOutput: result.insert(.audioOutput)
            case .jsonSchema: result.insert(.jsonSchema)
            case .promptCaching: result.insert(.promptCache)
            // What is said to be no more than that is known to have nothing else, which an empty list would not say.
            case .chat: result.insert(.systemPrompt)
            // Kinds, and what every model of these protocols does.
            case .completion, .embedding, .streaming, .jsonMode: break
            }
        }
        return result
    }
}
