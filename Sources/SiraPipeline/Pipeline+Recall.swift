import SiraCore
import SiraJSON
import SiraLedger
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Reads what the request says of its conversation, and looks for the answer that it goes on from.
    ///
    /// - Throws: `invalidField`; `internalError` when the answers that are kept cannot be read.
    nonisolated(nonsending) func recall(_ request: RequestContext) async throws(GatewayError) {
        guard request.inbound.operation.isConversation, let history = request.clientDialect.history else { return }
        let said = try readJSON(request.inbound.body) { json throws(GatewayError) in try history.request(json) }
        guard said.previous != nil || said.isStored else { return }
        var conversation = Conversation(said)
        if let id = said.previous, let previous = try await kept(id, of: request.key?.id ?? "") {
            conversation.previous = previous
            if previous.isWhole, previous.isReadable { conversation.history = items(of: previous, history) }
        }
        request.conversation = conversation
    }

    /// What puts the conversation so far into the client's request, for a provider that does not know it.
    ///
    /// An answer that the provider itself has made and keeps is left to it. One that nobody here knows is left to a
    /// provider of the client's protocol only where the caller is not kept to its own: at the operator's account it may
    /// be anyone's.
    ///
    /// - Throws: `previousResponseNotFound`.
    func continuation(of request: RequestContext, by attempt: Attempt) throws(GatewayError) -> [Splice] {
        guard let conversation = request.conversation, let id = conversation.request.previous else { return [] }
        guard let previous = conversation.previous else {
            if attempt.isSpoken, !request.isConfined { return [] }
            throw GatewayError(
                .previousResponseNotFound,
                "Previous response with id '\(id.prefix(100))' not found.",
                field: "previous_response_id"
            )
        }
        if goesOnNatively(request, by: attempt) { return [] }
        guard let items = conversation.history, let history = request.clientDialect.history else {
            throw GatewayError(
                .previousResponseNotFound,
                "The conversation of response '\(id.prefix(100))' is known to \(previous.access) alone. Ask for a model "
                    + "of that provider, or send the conversation in \"input\".",
                field: "previous_response_id"
            )
        }
        return history.splices(conversation.request, continuing: items)
    }

    /// An answer that is kept for a key.
    nonisolated(nonsending) func kept(_ id: String, of key: String) async throws(GatewayError) -> StoredResponse? {
        do {
            let response = try await context.services.responses.response(id, of: key)
            return response.flatMap { $0.hasExpired(at: context.clock.now()) ? nil : $0 }
        } catch {
            throw GatewayError(
                .internalError,
                "The answers that are kept cannot be read at the moment. Try again.",
                retryAfter: 1
            )
        }
    }

    /// The items of a conversation up to an answer, with the answer's own; nil when what is kept cannot be understood.
    private func items(of response: StoredResponse, _ history: any ConversationHistory) -> [RawJSON]? {
        let input = response.input.withUnsafeBytes { bytes in
            try? context.indexer.read(bytes, limits: .answer) { $0.elements.map(\.rawJSON) }
        }
        let output = response.response.withUnsafeBytes { bytes in
            try? context.indexer.read(bytes, limits: .answer) { history.answer(whole: $0)?.items }
        }
        guard let input, let output = output ?? nil else { return nil }
        return input + output
    }
}
