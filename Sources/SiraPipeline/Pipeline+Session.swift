import SiraCore
import SiraRouting
import SiraTelemetry
import SiraTenancy
import SiraWire

extension Pipeline {
    /// The life of a session over a WebSocket, top to bottom; the stages are those of ``run(_:to:)``.
    ///
    /// Up to `accept` a failure is an answer over HTTP, as for any request. From there on it is a message of the
    /// session's protocol, and each answer of the model is booked as it ends.
    package nonisolated(nonsending) func hold(_ session: SessionRequest, with client: any SessionClient) async {
        let request = begin(session.inbound)
        do throws(GatewayError) {
            let call = try decode(session, request)  //                        1 · query → which model
            let caller = try await authenticate(call, request)  //             2 · key → who asks
            try attribute(request, from: client)  //                              for whom, and from where
            let allowed = try authorize(call, for: caller, request)  //        3 · models the key may use
            let admission = try admit(allowed)  //                             4 · room in gateway and journal
            let plan = try await route(admission, request)  //                 5 · model → ordered candidates
            try await reserve(plan, request, client)  //                       6 · room in limits and budgets
            let provider = try await connect(plan, session, request, client)  // 7 · attempts, up to a WebSocket
            let relay = try accept(client, provider, session, request)  //     8 · the client's upgrade
            await relay.run()  //                                              9 · messages both ways, answers booked
        } catch {
            refuse(error, request, client)  //                                10 · the error, over HTTP
        }
        end()
    }

    /// Reads what the gateway must know of the wish for a session.
    private func decode(_ session: SessionRequest, _ request: RequestContext) throws(GatewayError) -> DecodedCall {
        guard let model = session.inbound.path.model, !model.isEmpty else {
            throw GatewayError(
                .invalidField,
                "A session needs a model. Name it in the query: /v1/realtime?model=gpt-realtime.",
                field: "model"
            )
        }
        guard !model.holdsControls else {
            throw GatewayError(
                .invalidField,
                "The name of the model holds a control character. GET /v1/models lists the models that can be used.",
                field: "model"
            )
        }
        var envelope = Envelope(operation: session.inbound.operation, model: model, modelSpan: nil)
        envelope.isStream = true
        request.envelope = envelope
        request.trail.mark(.decode, at: context.clock.uptime())
        return DecodedCall(envelope: envelope)
    }

    /// Agrees to the client's wish, now that a provider has agreed to ours.
    private func accept(
        _ client: any SessionClient,
        _ provider: ProviderSession,
        _ session: SessionRequest,
        _ request: RequestContext
    ) throws(GatewayError) -> SessionRelay {
        let offered = session.subprotocols
        // A browser that has offered some takes no answer that chooses none.
        let subprotocol =
            provider.subprotocol.flatMap { offered.contains($0) ? $0 : nil }
            ?? offered.first { $0 == "realtime" } ?? offered.first
        let limits = request.snapshot.policy.sessions
        let socket = client.accept(
            headers: request.commonFields,
            subprotocol: subprotocol,
            messageLimit: limits.messageBytes
        )
        guard let socket else {
            provider.socket.close(SocketClose(SocketClose.goingAway))
            throw GatewayError(.clientClosed, "The client closed the connection before the session began.")
        }
        context.afterTurn { socket.flush() }
        return SessionRelay(
            self,
            client: socket,
            provider: provider.socket,
            dialect: provider.dialect,
            observer: provider.dialect.makeObserver(models(request), quirks: provider.quirks),
            books: SessionBooks(self, request),
            limits: limits
        )
    }

    /// What the key may use in this session.
    private func models(_ request: RequestContext) -> SessionModels {
        let requested = request.envelope?.model ?? ""
        guard let deployment = request.deployment else {
            return SessionModels(requested: requested, provided: requested) { _ in false }
        }
        let (key, directory, provider) = (request.key, request.snapshot.directory, deployment.access.name)
        return SessionModels(requested: requested, provided: deployment.upstreamModel) { name in
            guard let key else { return true }
            return key.allows(model: "\(provider)/\(name)") || key.allows(model: name, in: directory)
        }
    }
}
