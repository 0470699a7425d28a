import NIOCore
import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraStorage
import SiraTenancy
package import SiraWire

/// What can be asked of the gateway itself.
extension Pipeline {
    /// `GET /v1/models`: what the key may use, in the shape of OpenAI's list, or of Anthropic's for its clients.
    package nonisolated(nonsending) func listModels(_ headers: HeaderFields, to client: any ClientStream) async {
        await read(headers, client) { caller throws(GatewayError) in
            let models = visibleModels(caller)
            return context.snapshot.write { json in
                json.member("object", "list")
                json.array("data") { list in
                    for model in models { list.object { $0.writeModel(model) } }
                }
                json.member("has_more", false)
                json.member("first_id", models.first?.id ?? "")
                json.member("last_id", models.last?.id ?? "")
            }
        }
    }

    /// `GET /v1/models/{id}`.
    package nonisolated(nonsending) func describeModel(
        _ name: String,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client) { caller throws(GatewayError) in
            let model = try visibleModel(name, caller)
            return context.snapshot.write { $0.writeModel(model) }
        }
    }

    /// `GET /v1beta/models`: the same in the shape of Gemini's list.
    package nonisolated(nonsending) func listGeminiModels(_ headers: HeaderFields, to client: any ClientStream) async {
        await read(headers, client, as: .gemini) { caller throws(GatewayError) in
            let models = visibleModels(caller)
            return context.snapshot.write { json in
                json.array("models") { list in
                    for model in models { list.object { $0.writeGeminiModel(model, context.snapshot.directory) } }
                }
            }
        }
    }

    /// `GET /v1beta/models/{id}`.
    package nonisolated(nonsending) func describeGeminiModel(
        _ name: String,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client, as: .gemini) { caller throws(GatewayError) in
            let model = try visibleModel(name, caller)
            return context.snapshot.write { $0.writeGeminiModel(model, context.snapshot.directory) }
        }
    }

    /// `GET /v1/requests/{id}`: what became of a request of the same key.
    package nonisolated(nonsending) func describeRequest(
        _ text: String,
        _ headers: HeaderFields,
        to client: any ClientStream
    ) async {
        await read(headers, client) { caller throws(GatewayError) in
            guard let id = RequestID(text) else { throw noSuchRequest(text) }
            let records: [UsageRecord]
            do {
                records = try await context.services.records(id)
            } catch {
                throw GatewayError(.internalError, "The ledger cannot be read at the moment. Try again.", retryAfter: 1)
            }
            // A key sees its own requests; that another key's exist is nobody's business.
            guard let last = records.last(where: { $0.isFinal }), last.key == caller.key?.id ?? "" else {
                throw noSuchRequest(text)
            }
            return context.snapshot.write { $0.writeRequest(last, attempts: records) }
        }
    }

    /// `GET /health/live`: the process runs.
    package func sayLive(to client: any ClientStream) {
        say("{\"status\":\"live\"}", status: 200, HeaderFields(), to: client)
    }

    /// `GET /health/ready`: the process can serve.
    package func sayReady(isDraining: Bool, to client: any ClientStream) {
        let problem = isDraining ? "shutting down" : context.services.unreadiness()
        var json = JSONWriter(capacity: 64)
        json.object {
            $0.member("status", problem == nil ? "ready" : "not ready")
            if let problem { $0.member("reason", problem) }
        }
        say(String(decoding: json.bytes, as: UTF8.self), status: problem == nil ? 200 : 503, HeaderFields(), to: client)
    }

    private func visibleModels(_ caller: Caller) -> [ListedModel] {
        let now = context.clock.now()
        let directory = context.snapshot.directory
        let all = directory.listed(at: now)
        guard let key = caller.key else { return all }
        var names: Set<String> = []
        return all.compactMap { model in
            if key.allows(model: model.id, in: directory) { return model }
            return key.allows(model: model.target, in: directory) ? model.qualified : nil
        }.filter { names.insert($0.id).inserted }
    }

    private func visibleModel(_ name: String, _ caller: Caller) throws(GatewayError) -> ListedModel {
        guard let model = visibleModels(caller).first(where: { $0.id == name || $0.target == name }) else {
            throw GatewayError(
                .modelNotFound,
                "There is no model \"\(name.prefix(100))\" that this key may use. GET /v1/models lists those that there are.",
                field: "model"
            )
        }
        return model
    }

    private func noSuchRequest(_ text: String) -> GatewayError {
        GatewayError(
            .requestNotFound,
            "There is no request \"\(text.prefix(64))\" of this key. Its id is in the answer's x-sira-request-id header."
        )
    }

    /// Answers a question of a caller whose key is good.
    nonisolated(nonsending) func read(
        _ headers: HeaderFields,
        _ client: any ClientStream,
        as name: WireProtocol? = nil,
        _ body: (Caller) async throws(GatewayError) -> [UInt8]
    ) async {
        do throws(GatewayError) {
            let caller = try await authenticate(headers, at: context.clock.now(), context.snapshot)
            let bytes = try await body(caller)
            say(String(decoding: bytes, as: UTF8.self), status: 200, HeaderFields(), to: client)
        } catch {
            let usual: WireProtocol = headers["anthropic-version"] == nil ? .openai : .anthropic
            refuseUnread(error, as: name ?? usual, extra: [], to: client)
        }
    }

    private func say(_ text: String, status: Int, _ fields: HeaderFields, to client: any ClientStream) {
        var fields = fields
        fields.append("content-type", "application/json")
        let body = ByteBuffer(string: text)
        client.sendHead(status: status, headers: fields, bodyLength: body.readableBytes)
        client.sendBody(body)
        client.sendEnd()
        context.flushAtEndOfTurn(client)
    }
}

extension Snapshot {
    fileprivate func write(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object(body)
        return json.bytes
    }
}

extension JSONWriter {
    /// One object that clients of either protocol find their fields in.
    fileprivate mutating func writeModel(_ model: ListedModel) {
        member("id", model.id)
        member("object", "model")
        member("type", "model")
        member("created", model.created)
        member("created_at", Timestamp(microseconds: model.created * 1_000_000).description)
        member("owned_by", model.owner)
        member("display_name", model.id)
        if let context = model.context { member("context_window", context) }
        if let limit = model.maxOutput { member("max_output_tokens", limit) }
        array("capabilities") { list in
            for word in model.capabilities.words { list.element(word) }
        }
    }

    /// The model as clients of Gemini's protocol read it.
    fileprivate mutating func writeGeminiModel(_ model: ListedModel, _ directory: Directory) {
        member("name", "models/\(model.id)")
        member("baseModelId", model.id)
        member("version", model.id)
        member("displayName", model.id)
        member("description", "\(model.id), answered by \(model.owner)")
        if let context = model.context { member("inputTokenLimit", context) }
        if let limit = model.maxOutput { member("outputTokenLimit", limit) }
        array("supportedGenerationMethods") { list in
            for (operation, names) in Operation.geminiMethods
            where (operation == .embedContent || operation == .batchEmbedContents) == (model.kind == .embedding)
                && (try? directory.plan(for: model.id, operation: operation)) != nil
            {
                for name in names { list.element(name) }
            }
        }
    }

    /// The request as its last attempt left it, and all attempts.
    fileprivate mutating func writeRequest(_ last: UsageRecord, attempts: [UsageRecord]) {
        member("id", last.request.description)
        member("object", "request")
        last.write(to: &self)
        array("attempts") { list in
            for attempt in attempts { list.object { attempt.write(to: &$0) } }
        }
    }
}

extension Operation {
    /// What Gemini's protocol can ask of a model, and in which words.
    fileprivate static let geminiMethods: [(Operation, [String])] = [
        (.generate, ["generateContent", "streamGenerateContent"]), (.geminiCountTokens, ["countTokens"]),
        (.embedContent, ["embedContent"]), (.batchEmbedContents, ["batchEmbedContents"]),
    ]
}
