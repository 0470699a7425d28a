import NIOCore
import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Finds the things of the operator's accounts that the request names, and whose they are.
    ///
    /// All keys share those accounts, so that a provider takes any key's files for any other's. Requests that name
    /// nothing are told by their bytes, and cost nothing more.
    ///
    /// - Throws: `objectNotFound` or `previousResponseNotFound` when the key is confined to its own and this is not.
    nonisolated(nonsending) func identify(_ request: RequestContext) async throws(GatewayError) {
        let inbound = request.inbound
        var provider: String?
        switch inbound.matter {
        case .call: break
        case .thing: return
        case .passage(let passage):
            guard request.isConfined else { return }
            try checkIsLegible(passage, inbound)
            provider = passage.provider
        }
        guard inbound.body.readableBytes > 0, inbound.headers["content-type"]?.isJSON ?? true,
            inbound.body.withUnsafeReadableBytes({
                NamedThings.mayBe(in: $0, inbound.clientProtocol, isPassage: provider != nil)
            })
        else { return }
        let named = try readJSON(inbound.body) { json in NamedThings(json) }
        guard request.isConfined || !named.files.isEmpty else { return }
        try await find(named.files, at: provider, request)
        guard request.isConfined, inbound.clientProtocol == .responses else { return }
        if let conversation = named.conversation {
            // They can be made at paths of the account alone, which this key does not reach.
            throw GatewayError(
                .objectNotFound,
                "There is no conversation \"\(conversation.prefix(100))\" of this key. Go on with "
                    + "\"previous_response_id\", or send the conversation in \"input\".",
                field: "conversation"
            )
        }
        if let provider, let id = named.previous {
            let previous = try await kept(id, of: request.key?.id ?? "")
            guard let previous, previous.isNative, previous.access == provider else {
                throw GatewayError(
                    .previousResponseNotFound,
                    "Previous response with id '\(id.prefix(100))' not found. Answers that were asked for at /v1/responses "
                        + "can be gone on from.",
                    field: "previous_response_id"
                )
            }
            request.passagePrevious = previous
        }
    }

    private nonisolated(nonsending) func find(
        _ files: [NamedThings.File],
        at provider: String?,
        _ request: RequestContext
    ) async throws(GatewayError) {
        guard files.count <= NamedThings.limit else {
            throw GatewayError(.invalidField, "A request may name \(NamedThings.limit) files at most.")
        }
        var known: Set<String> = []
        for file in files where known.insert(file.id).inserted {
            do throws(GatewayError) {
                let found = try await own(file.id, .file, request, field: file.path)
                if let provider, found.access != provider { throw Self.noSuch(.file, file.id, field: file.path) }
                request.files.append(found)
            } catch {
                if request.isConfined || error.code != .objectNotFound { throw error }
            }
        }
    }

    /// Refuses what asks for a conversation and cannot be looked into.
    private func checkIsLegible(_ passage: Passage, _ inbound: Inbound) throws(GatewayError) {
        guard let operation = PassageMeaning(of: passage.path).operation, operation.isConversation else { return }
        let encoding = inbound.headers["content-encoding"] ?? "identity"
        // JSON in UTF-16 or UTF-32 has a zero among its first four bytes, and some providers read it.
        let isWide = inbound.body.readableBytesView.prefix(4).contains(0)
        guard inbound.source == nil, encoding.lowercased() == "identity", !isWide else {
            throw GatewayError(
                .unsupportedMediaType,
                "The body must be JSON in UTF-8 and not compressed. Send content-type: application/json without "
                    + "content-encoding."
            )
        }
    }

    /// Checks that a request that was written for Google names no file of its store but those that were found to be the
    /// key's: in other protocols an address is any page's.
    ///
    /// - Throws: `objectNotFound`.
    func checkWrittenFiles(_ body: [UInt8], _ attempt: Attempt, _ request: RequestContext) throws(GatewayError) {
        guard request.isConfined, attempt.wire == .gemini,
            body.withUnsafeBytes({ NamedThings.mayBe(in: $0, .gemini) }),
            let named = try? context.indexer.read(body, { NamedThings($0) })
        else { return }
        let own = Set(request.files.map(\.id))
        if let file = named.files.first(where: { !own.contains($0.id) }) {
            throw Self.noSuch(.file, file.id, field: nil)
        }
    }
}
