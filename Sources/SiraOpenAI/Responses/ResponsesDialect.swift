package import SiraCore
package import SiraJSON
package import SiraWire

/// OpenAI's Responses, which its followers know as Open Responses.
///
/// Reference: https://platform.openai.com/docs/api-reference/responses, https://www.openresponses.org
package struct ResponsesDialect: Dialect {
    package init() {}

    package var name: WireProtocol { .responses }
    package var client: (any ConversationClient)? { ResponsesClient() }
    package var provider: (any ConversationProvider)? { ResponsesProvider() }

    package func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String {
        "/responses"
    }

    package func envelope(
        of json: JSONValue,
        operation: Operation,
        path: PathFacts
    ) throws(GatewayError) -> Envelope {
        let fields = try RequestFields(json)
        var envelope = try fields.envelope(of: operation, path: path)
        try Self.checkInput(json)
        _ = try fields.count("max_output_tokens")
        envelope.isStream = try fields.flag("stream")
        return envelope
    }

    /// Checks that there is something to answer: input, or what stands for it.
    private static func checkInput(_ json: JSONValue) throws(GatewayError) {
        guard let input = json.present("input") else {
            let others: [StaticString] = ["previous_response_id", "prompt", "conversation", "instructions"]
            guard !others.contains(where: { json.present($0) != nil }) else { return }
            throw GatewayError(.invalidField, "Give what the model is to answer in \"input\".", field: "input")
        }
        switch input.kind {
        case .string: return
        case .array:
            for (index, item) in input.elements.enumerated() where item.kind != .object {
                throw GatewayError(.invalidField, "Each item must be an object.", field: "input[\(index)]")
            }
        default:
            throw GatewayError(.invalidField, "\"input\" must be a string or a list of items.", field: "input")
        }
    }

    package func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver {
        ResponsesObserver(costField: quirks.costField)
    }

    package func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8] {
        OpenAIDialect().errorBody(error, request: request)
    }

    package func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8] {
        // How many events went before is not known here; the number must be above all of theirs.
        Self.errorEvent(error, request: request, number: Int(Int32.max))
    }

    /// The event `error` as the protocol's document has it.
    ///
    /// - Parameter number: its `sequence_number`.
    static func errorEvent(_ error: GatewayError, request: RequestID, number: Int) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", "error")
            $0.member("code", error.code.rawValue)
            $0.member("message", "\(error.message) (request \(request))")
            if let field = error.field { $0.member("param", field) } else { $0.null("param") }
            $0.member("sequence_number", number)
        }
        return Array("event: error\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
    }

    package func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError {
        OpenAIDialect().readError(status: status, body: body, indexer: indexer)
    }
}

/// Serves clients of Responses from providers of other protocols.
struct ResponsesClient: ConversationClient {
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call {
        var reader = ResponsesCallReader(json)
        return try reader.read()
    }

    var answersTellOfRequest: Bool { true }

    func makeWriter(for request: AnswerRequest) -> any AnswerWriter {
        ResponsesWriter(request)
    }
}

/// Serves clients of other protocols from providers of Responses.
struct ResponsesProvider: ConversationProvider {
    func writeCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall {
        var writer = ResponsesCallWriter(call, to: target)
        return try writer.write()
    }

    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader {
        ResponsesReader(isStream: isStream, costField: quirks.costField)
    }
}
