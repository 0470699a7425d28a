import NIOCore
import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// Tokens that are counted here because the provider has not told them.
///
/// Nothing of this runs where it has.
extension Pipeline {
    /// About how many tokens a deployment has read; nil where the request is a file, which tells nothing of tokens.
    func promptTokens(_ request: RequestContext, _ deployment: Deployment?) -> Int? {
        guard let length = request.inbound.promptSize else { return nil }
        // About four bytes of JSON make a token, where nothing better is known.
        return counted(request, PromptCount(model: deployment?.countedModel ?? "")) ?? length / 4
    }

    /// Counts the request's text; nil where it cannot be read, or is not there any more.
    private func counted(_ request: RequestContext, _ empty: PromptCount) -> Int? {
        var count = empty
        if let call = request.call {
            count.add(call)
            return count.tokens
        }
        let (body, operation, dialect) = (request.inbound.body, request.meantOperation, request.clientDialect)
        guard body.readableBytes > 0 else { return nil }
        if operation.isConversation, let client = dialect.client {
            let read = try? readJSON(body) { json throws(GatewayError) in
                try client.readCall(json, path: request.inbound.path)
            }
            guard let call = read else { return nil }
            count.add(call)
        } else if operation.isEmbedding, operation != .embedding, let client = dialect.embeddingClient {
            let read = try? readJSON(body) { json throws(GatewayError) in
                try client.readEmbeddingCall(json, operation)
            }
            guard let call = read else { return nil }
            for text in call.texts { count.add(text) }
        } else {
            guard let name = operation.promptMember else { return nil }
            let read: Void? = try? readJSON(body) { json in
                if let prompt = json[name] { count.add(prompt) }
            }
            guard read != nil else { return nil }
        }
        return count.tokens
    }

    /// How many tokens a complete answer is that has come in one piece; nil where it says nothing in words, or cannot
    /// be read.
    func answerTokens(_ answer: Answer, _ request: RequestContext) -> Int? {
        let operation = request.meantOperation
        if operation.isEmbedding { return 0 }
        guard let attempt = request.attempt, let body = answer.course.whole else { return nil }
        var count = PromptCount(model: attempt.deployment.countedModel)
        if operation == .completion {
            try? body.withUnsafeReadableBytes { bytes in
                try context.indexer.read(bytes, limits: .answer) { json in
                    json["choices"]?.elements.forEach { $0["text"]?.string.map { count.add($0) } }
                }
            }
        } else if operation.isConversation, let provider = request.snapshot.dialects[attempt.wire].provider {
            var reader = provider.makeReader(isStream: false, quirks: attempt.deployment.quirks)
            var events: [AnswerEvent] = []
            body.withUnsafeReadableBytes { try? reader.read($0, indexer: context.indexer, into: &events) }
            for event in events { event.said.map { count.add($0) } }
        }
        return count.tokens > 0 ? count.tokens : nil
    }
}

extension Deployment {
    /// The name by which the model's vocabulary is told: on Azure a deployment may be called anything.
    var countedModel: String { model?.id ?? upstreamModel }
}

extension RequestContext {
    /// What is asked, on a provider's own path too.
    var meantOperation: SiraWire.Operation {
        guard case .passage(let passage) = inbound.matter else { return inbound.operation }
        return PassageMeaning(of: passage.path).operation ?? inbound.operation
    }
}

extension SiraWire.Operation {
    /// The member of the body that the model reads; nil where there is no such one.
    fileprivate var promptMember: StaticString? {
        switch self {
        case .completion: "prompt"
        case .embedding: "input"
        default: nil
        }
    }
}

extension AnswerEvent {
    /// What of the answer the model has written in words.
    fileprivate var said: String? {
        switch self {
        case .text(_, let text), .refusal(_, let text), .thinking(_, let text), .toolArguments(_, let text): text
        case .toolCall(_, _, let name): name
        default: nil
        }
    }
}
