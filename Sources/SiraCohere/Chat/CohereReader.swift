internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads Cohere's answers, streamed or whole, as events.
///
/// Contents and calls of tools are numbered apart there; as parts they are numbered in the order in which they begin.
struct CohereReader: AnswerReader {
    private enum Place: Hashable {
        case plan
        case content(Int)
        case call(Int)
    }

    private let isStream: Bool
    private var parts: [Place: Int] = [:]
    /// Calls whose arguments have not begun.
    private var emptyCalls: Set<Int> = []
    private(set) var isOver = false

    init(isStream: Bool) {
        self.isStream = isStream
    }

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            if !isStream {
                try indexer.read(block, limits: .answer) { takeWhole($0, &events) }
            } else if let data = SSEEvent.singleData(in: block) {
                guard !data.equals("[DONE]") else { return }
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
        isOver = true
        events.append(
            .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
        )
    }

    // MARK: whole answers

    private mutating func takeWhole(_ root: JSONValue, _ events: inout [AnswerEvent]) {
        guard let message = root.present("message"), message.kind == .object else {
            isOver = true
            // An error's message is a text.
            let said = root["message"]?.string
            return events.append(.failure(.refusal(status: 500, saying: said)))
        }
        events.append(.start(AnswerStart(serviceTier: nil, identifier: root["id"]?.string)))
        if let plan = message["tool_plan"]?.string, !plan.isEmpty {
            events.append(.thinking(part: part(.plan), plan))
        }
        for (index, content) in (message["content"]?.elements ?? message.elements).enumerated() {
            takeContent(content, index, &events)
        }
        for (index, citation) in (message["citations"]?.elements ?? message.elements).enumerated() {
            takeCitation(citation, index, &events)
        }
        if let logprobs = root.present("logprobs") { takeLogprobs(logprobs.elements.map(Self.token), &events) }
        for (index, call) in (message["tool_calls"]?.elements ?? message.elements).enumerated() {
            takeCall(call, index, &events)
            endCall(index, &events)
        }
        end(root, &events)
    }

    private mutating func end(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        isOver = true
        if let usage = json.present("usage").flatMap({ ReportedUsage(cohere: $0) }) { events.append(.usage(usage)) }
        if let failure = CohereFinish.failure(json) { return events.append(.failure(failure)) }
        events.append(.stop(CohereFinish.reason(json["finish_reason"]?.string)))
    }

    // MARK: streams

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        let index = json["index"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        let delta = json.present("delta")
        let message = delta?.present("message")
        switch json["type"]?.string {
        case "message-start":
            events.append(.start(AnswerStart(serviceTier: nil, identifier: json["id"]?.string)))
        case "content-start", "content-delta":
            if let content = message?.present("content") { takeContent(content, index, &events) }
            if let logprobs = json.present("logprobs") ?? delta?.present("logprobs") {
                takeLogprobs([Self.token(logprobs)], &events)
            }
        case "tool-plan-delta":
            guard let plan = message?["tool_plan"]?.string, !plan.isEmpty else { return }
            events.append(.thinking(part: part(.plan), plan))
        case "tool-call-start":
            if let call = message?.present("tool_calls") { takeCall(call, index, &events) }
        case "tool-call-delta":
            guard let function = message?.present("tool_calls")?["function"] else { return }
            takeArguments(function, index, &events)
        case "tool-call-end":
            endCall(index, &events)
        case "citation-start":
            if let citation = message?.present("citations") { takeCitation(citation, index, &events) }
        case "message-end":
            if let delta { end(delta, &events) }
        default:
            break  // ends of parts, and events that the protocol may grow
        }
    }

    // MARK: parts

    private mutating func part(_ place: Place) -> Int {
        let number = parts[place, default: parts.count]
        parts[place] = number
        return number
    }

    private mutating func takeContent(_ content: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        if let text = content["text"]?.string, !text.isEmpty {
            events.append(.text(part: part(.content(index)), text))
        }
        if let text = content["thinking"]?.string, !text.isEmpty {
            events.append(.thinking(part: part(.content(index)), text))
        }
    }

    private mutating func takeCall(_ call: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        let function = call["function"]
        let (id, name) = (call["id"]?.string ?? "", function?["name"]?.string ?? "")
        events.append(.toolCall(part: part(.call(index)), id: id, name: name))
        emptyCalls.insert(index)
        if let function { takeArguments(function, index, &events) }
    }

    private mutating func takeArguments(_ function: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard let piece = function["arguments"]?.string, !piece.isEmpty, parts[.call(index)] != nil else { return }
        emptyCalls.remove(index)
        events.append(.toolArguments(part: part(.call(index)), piece))
    }

    private mutating func endCall(_ index: Int, _ events: inout [AnswerEvent]) {
        guard emptyCalls.remove(index) != nil else { return }
        events.append(.toolArguments(part: part(.call(index)), "{}"))
    }

    private mutating func takeCitation(_ json: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard json.kind == .object else { return }
        let source = json["sources"]?.elements.first { _ in true }
        let document = source?.present("document") ?? source?.present("tool_output")
        var citation = Citation(
            url: document?["url"]?.string,
            title: document?["title"]?.string,
            dialect: .cohere,
            raw: json.rawJSON
        )
        citation.quote = document?["text"]?.string ?? document?["snippet"]?.string
        citation.document = (source?["id"]?.string).flatMap(DocumentIdentifier.number)
        citation.range = Citation.range(from: json["start"]?.integer, to: json["end"]?.integer)
        let content = json["content_index"]?.integer.flatMap(Int.init(exactly:))
        // Older answers hold one text, and say nothing of where it stands.
        let places = parts.keys.compactMap { if case .content(let number) = $0 { number } else { nil } }
        events.append(.citation(part: part(.content(content ?? places.max() ?? 0)), citation))
    }

    private mutating func takeLogprobs(_ tokens: [TokenLogprob], _ events: inout [AnswerEvent]) {
        let places = parts.keys.compactMap { if case .content(let number) = $0 { number } else { nil } }
        guard !tokens.isEmpty, let last = places.max() else { return }
        events.append(.logprobs(part: part(.content(last)), tokens))
    }

    /// Cohere tells the likelihood of each token, but of several together only the text: they are taken as one.
    private static func token(_ json: JSONValue) -> TokenLogprob {
        let sum = json["logprobs"]?.elements.reduce(0) { $0 + ($1.double ?? 0) } ?? 0
        return TokenLogprob(token: json["text"]?.string ?? "", logprob: sum)
    }
}

/// The ids that documents are given on their way to Cohere.
enum DocumentIdentifier {
    static func text(_ number: Int) -> String { "doc:\(number)" }

    static func number(_ text: String) -> Int? {
        text.hasPrefix("doc:") ? Int(text.dropFirst(4)).flatMap { $0 < 0 ? nil : $0 } : nil
    }
}
