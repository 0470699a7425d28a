internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches answers pass through: chats, reranked lists, embeddings.
struct CohereObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    /// The message's end has come; what may follow is OpenAI's word for a stream's end.
    private(set) var mayEnd = false

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        guard let data = SSEEvent.singleData(in: event) else { return .frame }
        if data.equals("[DONE]") { return .last }
        if event.contains("\"message-end\"") { return end(data, indexer) }
        let isFrame =
            event.contains("\"message-start\"") || event.contains("\"content-start\"") || event.contains("-end\"")
        if isFrame { return .frame }
        contentEvents += 1
        return .content
    }

    private mutating func end(_ data: UnsafeRawBufferPointer, _ indexer: JSONIndexer) -> EventRole {
        var failure: GatewayError?
        _ = try? indexer.read(data, limits: .answer) { root in
            let delta = root.present("delta")
            reported = delta?.present("usage").flatMap { ReportedUsage(cohere: $0) } ?? reported
            failure = CohereFinish.failure(delta)
        }
        mayEnd = true
        return failure.map { .failure($0) } ?? .frame
    }

    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        _ = try? indexer.read(body, limits: .answer) { root in
            reported = (root.present("usage") ?? root.present("meta")).flatMap { ReportedUsage(cohere: $0) }
        }
        return nil
    }
}

/// Cohere's reasons for an answer's end.
enum CohereFinish {
    /// What has failed, when the reason is none to be satisfied with.
    static func failure(_ json: JSONValue?) -> GatewayError? {
        switch json?["finish_reason"]?.string {
        case "ERROR", "ERROR_TOXIC", "ERROR_LIMIT", "USER_CANCEL":
            .refusal(status: 500, saying: json?["error"]?.string)
        case "TIMEOUT": .refusal(status: 504, saying: json?["error"]?.string)
        default: nil
        }
    }

    static func reason(_ word: String?) -> StopReason {
        switch word {
        case "MAX_TOKENS": .outputLimit
        case "STOP_SEQUENCE": .stopString(nil)
        case "TOOL_CALL": .toolCalls
        default: .complete
        }
    }
}
