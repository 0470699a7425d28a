internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads a provider's response, streamed or whole, as events.
///
/// Each content part of a message is a part of the answer, and so is each other item. What comes in pieces is told at
/// once; what a follower of the protocol sends without pieces is told when it is complete.
struct ResponsesReader: AnswerReader {
    private let isStream: Bool
    private let costField: String?
    private(set) var isOver = false
    private var hasStarted = false
    private var parts = 0
    /// Whether the client is to run something.
    private var awaitsTools = false
    /// Items that have begun, by their place in the output.
    private var items: [Int: ResponsesItemProgress] = [:]

    /// The most items that are under way at once: there is one, or a few calls of tools.
    private static let mostItems = 1_024

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
        fail(GatewayError(.upstreamInterrupted, "The provider's answer broke off before its end."), &events)
    }

    private mutating func fail(_ error: GatewayError, _ events: inout [AnswerEvent]) {
        isOver = true
        events.append(.failure(error))
    }

    // MARK: the answer as a whole

    private mutating func takeWhole(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        if let error = ResponsesFailure.event(json) ?? ResponsesFailure.response(json) {
            takeUsage(json, &events)
            return fail(error, &events)
        }
        if json["status"]?.isString("queued") == true || json["status"]?.isString("in_progress") == true {
            return fail(GatewayError(.upstreamProtocol, "The provider has not finished its answer."), &events)
        }
        start(json, &events)
        takeOutput(json, &events)
        end(json, &events)
    }

    private mutating func takeOutput(_ response: JSONValue, _ events: inout [AnswerEvent]) {
        for (index, item) in (response["output"]?.elements ?? response.elements).enumerated() {
            close(item, index, &events)
        }
    }

    private mutating func start(_ response: JSONValue?, _ events: inout [AnswerEvent]) {
        guard !hasStarted else { return }
        hasStarted = true
        let tier = response?["service_tier"]?.string.flatMap {
            $0 == "default" ? .standard : Call.ServiceTier(rawValue: $0)
        }
        events.append(.start(AnswerStart(serviceTier: tier, identifier: response?["id"]?.string)))
    }

    private func takeUsage(_ response: JSONValue, _ events: inout [AnswerEvent]) {
        if let usage = ReportedUsage(response: response, costField: costField) { events.append(.usage(usage)) }
    }

    private mutating func end(_ response: JSONValue, _ events: inout [AnswerEvent]) {
        takeUsage(response, &events)
        isOver = true
        events.append(.stop(stopReason(response)))
    }

    private func stopReason(_ response: JSONValue) -> StopReason {
        switch response.present("incomplete_details")?["reason"]?.string {
        case "max_output_tokens", "max_tokens": return .outputLimit
        case "content_filter": return .refusal
        default:
            // Cut short, and nobody says why: length is what it is cut by nearly always.
            if response["status"]?.isString("incomplete") == true { return .outputLimit }
            return awaitsTools ? .toolCalls : .complete
        }
    }

    // MARK: events

    private mutating func take(_ json: JSONValue, _ events: inout [AnswerEvent]) {
        if let error = ResponsesFailure.event(json) { return fail(error, &events) }
        let type = json["type"]?.string ?? ""
        switch type {
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            return takeEnd(json["response"] ?? json, &events)
        default:
            start(json["response"], &events)
        }
        let index = json["output_index"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        switch type {
        case "response.output_item.added":
            if let item = json["item"] { open(item, index, &events) }
        case "response.output_item.done":
            if let item = json["item"] { close(item, index, &events) }
        default:
            guard let piece = ResponsesPiece(type: type, json) else { return }
            guard items[index] != nil || items.count < Self.mostItems else { return }
            items[index, default: ResponsesItemProgress()].take(piece, &parts, &events)
        }
    }

    private mutating func takeEnd(_ response: JSONValue, _ events: inout [AnswerEvent]) {
        start(response, &events)
        if let error = ResponsesFailure.response(response) {
            takeUsage(response, &events)
            return fail(error, &events)
        }
        // A follower may send nothing but the end.
        if parts == 0 { takeOutput(response, &events) }
        end(response, &events)
    }

    private mutating func open(_ item: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        guard items[index] != nil || items.count < Self.mostItems else { return }
        var progress = ResponsesItemProgress()
        if item["type"]?.isString("function_call") == true {
            progress.open(call: item, &parts, &events)
            awaitsTools = true
        }
        items[index] = progress
    }

    private mutating func close(_ item: JSONValue, _ index: Int, _ events: inout [AnswerEvent]) {
        var progress = items.removeValue(forKey: index) ?? ResponsesItemProgress()
        switch item["type"]?.string {
        case "message": progress.finish(message: item, &parts, &events)
        case "reasoning": progress.finish(reasoning: item, &parts, &events)
        case "function_call":
            progress.finish(call: item, &parts, &events)
            awaitsTools = true
        case "image_generation_call" where item.present("result")?.string?.isEmpty == false:
            let type = "image/" + (item.present("output_format")?.string ?? "png")
            events.append(.media(part: parts, .base64(type: type, data: item["result"]?.string ?? "")))
            parts += 1
        default:
            guard item.kind == .object else { return }
            events.append(.native(part: parts, .responses, item.rawJSON))
            parts += 1
            let isClients = Self.clientsCalls.contains { item["type"]?.isString($0) == true }
            if isClients { awaitsTools = true }
        }
    }

    /// Items by which the model asks the client to do something, besides calls of functions.
    private static let clientsCalls: [StaticString] = [
        "custom_tool_call", "computer_call", "local_shell_call", "apply_patch_call", "mcp_approval_request",
    ]
}
