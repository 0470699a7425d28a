internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a provider's chat completion, streamed or whole, as events.
struct ChatReader: AnswerReader {
    private let isStream: Bool
    private let costField: String?
    private var hasStarted = false
    private(set) var isOver = false
    /// The answers that were asked for, by their number.
    private var choices: [Int: ChatChoiceReader] = [:]
    /// The answer that the last events belong to.
    private var current = 0
    private var parts = 0
    /// Pages that the answer as a whole draws on, which Perplexity repeats with every chunk.
    private var sources: [Citation] = []

    /// More answers than this are not asked for.
    private static let mostChoices = 1_024

    init(isStream: Bool, costField: String?) {
        self.isStream = isStream
        self.costField = costField
    }

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            if !isStream {
                try indexer.read(block, limits: .answer) { take($0, &events) }
            } else if let data = SSEEvent.singleData(in: block) {
                if data.equals("[DONE]") { return end(&events) }
                try indexer.read(data, limits: .answer) { take($0, &events) }
            } else if let data = SSEEvent(block: block).data {
                try indexer.read(data, limits: .answer) { take($0, &events) }
            }
        } catch {
            isOver = true
            throw GatewayError(.upstreamProtocol, "The provider's answer cannot be read: \(error).")
        }
    }

    mutating func finish(into events: inout [AnswerEvent]) {
        guard !isOver else { return }
        // Some servers leave out the mark of the end; the reason to stop says as much, and a whole answer is whole.
        let isStopped = !choices.isEmpty && choices.values.allSatisfy { $0.stop != nil }
        if isStopped || (!isStream && !choices.isEmpty) { return end(&events) }
        isOver = true
        events.append(
            .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
        )
    }

    private mutating func end(_ events: inout [AnswerEvent]) {
        isOver = true
        if !sources.isEmpty, let part = choices[0]?.lastText {
            go(to: 0, &events)
            for source in sources { events.append(.citation(part: part, source)) }
        }
        // Told at the end, for the figures come behind the reason.
        if let failure = choices.values.lazy.compactMap(\.failure).first { return events.append(.failure(failure)) }
        guard !choices.isEmpty else { return events.append(.stop(.complete)) }
        for (number, choice) in choices.sorted(by: { $0.key < $1.key }) {
            go(to: number, &events)
            events.append(.stop(choice.reasonToStop))
        }
    }

    private mutating func go(to choice: Int, _ events: inout [AnswerEvent]) {
        guard choice != current else { return }
        current = choice
        events.append(.choice(choice))
    }

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        if let error = isStream ? OpenAIError(event: json) : OpenAIError(whole: json) {
            isOver = true
            return events.append(.failure(error.inStream))
        }
        if !hasStarted {
            hasStarted = true
            let tier = json["service_tier"]?.string.flatMap {
                $0 == "default" ? .standard : Call.ServiceTier(rawValue: $0)
            }
            events.append(.start(AnswerStart(serviceTier: tier, identifier: json["id"]?.string)))
        }
        var ownFigures: JSONValue?
        for choice in json["choices"]?.elements ?? json.elements {
            takeChoice(choice, &events)
            ownFigures = ownFigures ?? choice.present("usage")
        }
        if sources.isEmpty { sources = Self.sources(of: json) }
        let figures = json.present("usage") ?? ownFigures ?? json["x_groq"]?.present("usage")
        if var usage = figures.flatMap({ ReportedUsage(openAI: $0, of: .chat, costField: costField) }) {
            usage.serviceTier = json["service_tier"]?.string
            events.append(.usage(usage))
        }
    }

    private mutating func takeChoice(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        let number = json["index"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        guard (0..<Self.mostChoices).contains(number) else { return }
        go(to: number, &events)
        choices[number, default: ChatChoiceReader(isStream: isStream)].take(json, parts: &parts, &events)
    }

    /// The pages that Perplexity names for the whole answer: with titles in `search_results`, else in `citations`.
    private static func sources(of json: JSONValue) -> [Citation] {
        if let results = json.present("search_results") {
            return results.elements.compactMap { result in
                guard let url = result["url"]?.string else { return nil }
                var citation = Citation(
                    url: url,
                    title: result["title"]?.string,
                    dialect: .openai,
                    raw: result.rawJSON
                )
                citation.quote = result["snippet"]?.string
                return citation
            }
        }
        return (json.present("citations")?.elements ?? json.elements).compactMap { page in
            page.string.map { Citation(url: $0, title: nil, dialect: .openai, raw: page.rawJSON) }
        }
    }
}

extension JSONValue {
    /// The text of a string, or of a list of parts of type text.
    var joinedTexts: String {
        string ?? elements.map { $0.string ?? $0["text"]?.string ?? "" }.joined()
    }
}
