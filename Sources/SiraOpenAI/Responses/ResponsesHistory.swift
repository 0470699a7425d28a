package import SiraCore
package import SiraJSON
package import SiraWire

/// What a conversation that goes on by `previous_response_id` needs of requests and answers.
///
/// Pure functions: who keeps the items, and for how long, is for others to say. Items are kept as they are written.
///
/// Reference: https://platform.openai.com/docs/guides/conversation-state
package enum ResponsesHistory {
    package typealias Request = ConversationRequest
    package typealias Answer = ConversationAnswer

    /// Reads what the request's JSON says of its conversation.
    ///
    /// - Throws: `invalidField` when `previous_response_id`, `store` or `input` is not what the protocol says.
    package static func request(_ json: JSONValue) throws(GatewayError) -> Request {
        let fields = try RequestFields(json)
        var previous: String?
        if let value = json.present("previous_response_id") {
            guard let id = value.string, !id.isEmpty else {
                throw GatewayError(
                    .invalidField,
                    "\"previous_response_id\" must be a string that is not empty.",
                    field: "previous_response_id"
                )
            }
            previous = id
        }
        let isStored = json.present("store") == nil ? true : try fields.flag("store")
        return Request(
            previous: previous,
            isStored: isStored,
            hasMore: json.present("conversation") != nil || json.present("prompt") != nil,
            previousSpan: memberSpan("previous_response_id", in: json),
            inputSpan: json.present("input")?.span,
            end: json.span.upperBound - 1,
            items: try items(of: json.present("input"))
        )
    }

    /// What puts the conversation so far in front of a request's own input, and takes out the name of the answer that
    /// it goes on from.
    ///
    /// - Parameter history: items of input and output, oldest first.
    package static func splices(_ request: Request, continuing history: [RawJSON]) -> [Splice] {
        var list: [UInt8] = [UInt8(ascii: "[")]
        for (index, item) in (history + request.items).enumerated() {
            if index > 0 { list.append(UInt8(ascii: ",")) }
            list += item.bytes
        }
        list.append(UInt8(ascii: "]"))
        var splices: [Splice] = []
        if let span = request.previousSpan { splices.append(Splice(span: span, replacement: [])) }
        if let span = request.inputSpan {
            splices.append(Splice(span: span, replacement: list))
        } else {
            // A comma may stand here alone only where no other member is; the model's name always is one.
            splices.append(Splice(span: request.end..<request.end, replacement: Array(",\"input\":".utf8) + list))
        }
        return splices.sorted { $0.span.lowerBound < $1.span.lowerBound }
    }

    /// Reads a whole answer; nil when it is none, such as an error.
    package static func answer(whole json: JSONValue) -> Answer? {
        guard let id = json["id"]?.string, !id.isEmpty, let output = json["output"], output.kind == .array else {
            return nil
        }
        let status = json["status"]?.string ?? "completed"
        return Answer(
            id: id,
            status: status,
            isKept: json["store"]?.bool != false,
            items: output.elements.map(\.rawJSON),
            json: json.rawJSON
        )
    }

    /// Reads the answer out of a stream's final event, whatever way it ended; nil for every other event.
    package static func answer(event json: JSONValue) -> Answer? {
        switch json["type"]?.string {
        case "response.completed", "response.incomplete", "response.failed": json["response"].flatMap(answer(whole:))
        default: nil
        }
    }

    private static func items(of input: JSONValue?) throws(GatewayError) -> [RawJSON] {
        guard let input else { return [] }
        switch input.kind {
        case .string:
            var json = JSONWriter(capacity: input.span.count + 64)
            json.object {
                $0.member("type", "message")
                $0.member("role", "user")
                $0.array("content") {
                    $0.object {
                        $0.member("type", "input_text")
                        $0.key("text")
                        $0.element(input)
                    }
                }
            }
            return [RawJSON(bytes: json.bytes)]
        case .array:
            return input.elements.map(\.rawJSON)
        default:
            throw GatewayError(.invalidField, "\"input\" must be a string or a list of items.", field: "input")
        }
    }

    /// Where a member stands, with the comma that must go when it does.
    private static func memberSpan(_ name: StaticString, in json: JSONValue) -> Range<Int>? {
        var before: Int?
        var found: Range<Int>?
        for (key, value) in json.members {
            // What follows moves up to where the member began.
            if let found { return found.lowerBound..<key.span.lowerBound }
            if key.isString(name) {
                found = key.span.lowerBound..<value.span.upperBound
            } else {
                before = value.span.upperBound
            }
        }
        guard let found else { return nil }
        return (before ?? found.lowerBound)..<found.upperBound
    }
}
