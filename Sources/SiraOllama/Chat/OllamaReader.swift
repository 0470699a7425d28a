internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads Ollama's answers as events: a whole one is a stream of one object.
struct OllamaReader: AnswerReader {
    private enum Kind { case text, thinking }

    private var hasStarted = false
    private(set) var isOver = false
    private var parts = 0
    private var open: (kind: Kind, part: Int)?
    private var hasCalls = false

    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError) {
        guard !isOver else { return }
        do {
            try indexer.read(block, limits: .answer) { take($0, &events) }
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

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        if let error = json["error"]?.string {
            isOver = true
            return events.append(.failure(.refusal(status: 500, saying: error)))
        }
        if !hasStarted {
            hasStarted = true
            events.append(.start(AnswerStart(serviceTier: nil)))
        }
        if let message = json.present("message") { take(message: message, &events) }
        if let logprobs = json.present("logprobs"), logprobs.kind == .array {
            events.append(.logprobs(part: part(.text), logprobs.elements.map(Self.token)))
        }
        guard json["done"]?.bool == true else { return }
        isOver = true
        if let usage = ReportedUsage(ollama: json) { events.append(.usage(usage)) }
        switch json["done_reason"]?.string {
        case "length": events.append(.stop(.outputLimit))
        default: events.append(.stop(hasCalls ? .toolCalls : .complete))
        }
    }

    private mutating func take(message: JSONValue, _ events: inout [AnswerEvent]) {
        if let text = message["thinking"]?.string, !text.isEmpty {
            events.append(.thinking(part: part(.thinking), text))
        }
        if let text = message["content"]?.string, !text.isEmpty { events.append(.text(part: part(.text), text)) }
        for call in message["tool_calls"]?.elements ?? message.elements {
            guard let function = call.present("function") else { continue }
            hasCalls = true
            open = nil
            let name = function["name"]?.string ?? ""
            events.append(.toolCall(part: parts, id: call["id"]?.string ?? "", name: name))
            let arguments = function.present("arguments")
            // Some versions have given them as a string.
            let text = arguments?.string ?? arguments?.rawJSON.description ?? ""
            events.append(.toolArguments(part: parts, text.isEmpty ? "{}" : text))
            parts += 1
        }
    }

    /// The part that goes on, or a new one where the kind has changed.
    private mutating func part(_ kind: Kind) -> Int {
        if let open, open.kind == kind { return open.part }
        let part = parts
        parts += 1
        open = (kind, part)
        return part
    }

    private static func token(_ json: JSONValue) -> TokenLogprob {
        TokenLogprob(
            token: json["token"]?.string ?? "",
            logprob: json["logprob"]?.double ?? 0,
            bytes: json.present("bytes")?.elements.compactMap { $0.integer.flatMap { UInt8(exactly: $0) } },
            alternatives: (json.present("top_logprobs")?.elements).map { $0.map(alternative) } ?? []
        )
    }

    private static func alternative(_ json: JSONValue) -> TokenLogprob {
        TokenLogprob(token: json["token"]?.string ?? "", logprob: json["logprob"]?.double ?? 0)
    }
}
