internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads an answer of Converse, whole or streamed, as events.
///
/// Its content blocks are the answer's parts.
struct ConverseReader: AnswerReader {
    private let isStream: Bool
    private var blocks: [Int: OpenConverseBlock] = [:]
    private var stop: StopReason?
    /// What the model did so wrongly that its answer is none.
    private var failure: GatewayError?
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
        do throws(GatewayError) {
            guard isStream else { return try read(whole: block, indexer, &events) }
            switch try StreamEvent(block, indexer: indexer) {
            case .failure(let error):
                isOver = true
                events.append(.failure(error))
            case .event(let name, let payload):
                try parse(
                    payload.withUnsafeBytes { bytes in
                        Result { try indexer.read(bytes, limits: .answer) { take(name, $0, &events) } }
                    }
                )
            }
        } catch {
            isOver = true
            throw error
        }
    }

    mutating func finish(into events: inout [AnswerEvent]) {
        guard !isOver else { return }
        // The figures, which come last, are missing; the answer is complete all the same.
        if stop != nil { return end(&events) }
        isOver = true
        events.append(
            .failure(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."))
        )
    }

    private mutating func end(_ events: inout [AnswerEvent]) {
        isOver = true
        if let failure { return events.append(.failure(failure)) }
        if let stop { events.append(.stop(stop)) }
    }

    private func parse(_ result: Result<Void, any Error>) throws(GatewayError) {
        if case .failure(let error) = result {
            throw GatewayError(.upstreamProtocol, "The provider's answer cannot be read: \(error).")
        }
    }

    // MARK: whole answers

    private mutating func read(
        whole body: UnsafeRawBufferPointer,
        _ indexer: JSONIndexer,
        _ events: inout [AnswerEvent]
    ) throws(GatewayError) {
        var isAnswer = false
        try parse(
            Result {
                try indexer.read(body, limits: .answer) { root in
                    guard let message = root.present("output")?.present("message") else { return }
                    isAnswer = true
                    takeWhole(root, message, &events)
                }
            }
        )
        guard isAnswer else {
            throw GatewayError(.upstreamProtocol, "The provider's answer holds no message.")
        }
    }

    private mutating func takeWhole(_ root: JSONValue, _ message: JSONValue, _ events: inout [AnswerEvent]) {
        events.append(.start(AnswerStart(serviceTier: Self.tier(root["serviceTier"]))))
        for (index, block) in (message["content"]?.elements ?? message.elements).enumerated() {
            ConverseBlocks.take(block, index, &events)
        }
        takeUsage(root, &events)
        takeStop(root)
        end(&events)
    }

    // MARK: streams

    private mutating func take(_ name: String, _ json: JSONValue, _ events: inout [AnswerEvent]) {
        let index = json["contentBlockIndex"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        switch name {
        case "contentBlockDelta":
            guard let delta = json["delta"] else { return }
            if blocks[index] == nil { blocks[index] = OpenConverseBlock() }
            blocks[index]?.take(delta, index, &events)
        case "contentBlockStart":
            var block = OpenConverseBlock()
            if let start = json["start"] { block.open(start, index, &events) }
            blocks[index] = block
        case "contentBlockStop":
            blocks.removeValue(forKey: index)?.close(index, &events)
        case "messageStart":
            events.append(.start(AnswerStart(serviceTier: nil)))
        case "messageStop":
            for (index, block) in blocks.sorted(by: { $0.key < $1.key }) { block.close(index, &events) }
            blocks.removeAll()
            takeStop(json)
        case "metadata":
            takeUsage(json, &events)
            if stop != nil { end(&events) }
        default:
            break  // events that the protocol may grow
        }
    }

    private func takeUsage(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        guard let usage = json.present("usage").flatMap({ ReportedUsage(converse: $0) }) else { return }
        events.append(.usage(usage))
    }

    private mutating func takeStop(_ json: JSONValue) {
        switch json["stopReason"]?.string {
        case "max_tokens": stop = .outputLimit
        case "model_context_window_exceeded": stop = .contextLimit
        case "stop_sequence":
            let fields = json.present("additionalModelResponseFields")
            stop = .stopString((fields?["stop_sequence"] ?? fields?["delta"]?["stop_sequence"])?.string)
        case "tool_use": stop = .toolCalls
        case "guardrail_intervened", "content_filtered": stop = .refusal
        case "malformed_model_output", "malformed_tool_use":
            stop = .complete
            failure = GatewayError(.upstreamFailed, "The model wrote an answer that cannot be read. Try again.")
        default: stop = .complete
        }
    }

    private static func tier(_ json: JSONValue?) -> Call.ServiceTier? {
        switch json?["type"]?.string {
        case "default": .standard
        case "priority": .priority
        case "flex": .flex
        default: nil
        }
    }
}
