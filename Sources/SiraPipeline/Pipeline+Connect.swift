import NIOCore
import SiraCore
import SiraHealth
import SiraLimits
import SiraRouting
import SiraTelemetry
import SiraWire

/// A provider that has agreed to a session.
struct ProviderSession {
    let socket: any MessageSocket
    /// The subprotocol that it has chosen.
    let subprotocol: String?
    let dialect: any SessionDialect
    let quirks: Quirks
}

extension Pipeline {
    /// Asks the plan's deployments, one after another, until one agrees to a WebSocket.
    ///
    /// The counterpart of ``execute(_:_:_:)``: that a provider agrees commits the attempt.
    nonisolated(nonsending) func connect(
        _ plan: Plan,
        _ session: SessionRequest,
        _ request: RequestContext,
        _ client: any SessionClient
    ) async throws(GatewayError) -> ProviderSession {
        var candidates = (plan.candidates + plan.fallbacks.general)[...]
        var held = try await supplyOfFirst(&candidates, request, client)
        while let candidate = candidates.popFirst() {
            let attempt = Attempt(candidate, .first, of: request, at: context.clock.uptime())
            attempt.dropped = session.dropped
            attempt.takeSupply(held, orOf: supply(of: candidate, request))
            held = nil
            attempt.begun = candidate.deployment.health.begin(at: attempt.started, tokens: 0)
            request.attempt = attempt
            do throws(GatewayError) {
                let provider = try await self.attempt(attempt, session, request, client)
                request.committed = context.clock.uptime()
                // What is said in the session, and for how long, says nothing of the deployment.
                attempt.judgeAgreed(at: request.committed, context.metrics)
                request.upstreamTime += request.committed &- attempt.started
                request.trail.mark(.execute, at: request.committed)
                return provider
            } catch {
                request.upstreamTime += context.clock.uptime() &- attempt.started
                noteWhetherSent(error, attempt, request)
                attempt.judge(error, at: context.clock.uptime(), context.metrics)
                logDetail(of: error, request)
                // Its own place must not make the provider look full.
                endSupply(of: attempt, request)
                candidates.removeAll { !hasSupply(of: $0, request) }
                guard !candidates.isEmpty, error.mayGoElsewhere, !client.abort.hasFired else { throw error }
                if attempt.isSent { book(error, of: attempt, request) }
            }
        }
        throw GatewayError(.modelNotFound, "There is no provider for this model.", field: "model")
    }

    /// Puts the candidate first whose provider and model have room for the session, after a wait where none have.
    ///
    /// - Returns: what was taken for it.
    private nonisolated(nonsending) func supplyOfFirst(
        _ candidates: inout ArraySlice<Candidate>,
        _ request: RequestContext,
        _ client: any SessionClient
    ) async throws(GatewayError) -> Hold? {
        guard !candidates.isEmpty else { return nil }
        let (all, now) = (Array(candidates), context.clock.uptime())
        let mayAsk = { all[$0].isAvailable(for: 0, at: now) }
        let turn = try await turn(for: 0, of: all, mayAsk: mayAsk, request, client.abort)
        let chosen = candidates.remove(at: candidates.startIndex + turn.index)
        candidates.insert(chosen, at: candidates.startIndex)
        return turn.hold
    }

    private nonisolated(nonsending) func attempt(
        _ attempt: Attempt,
        _ session: SessionRequest,
        _ request: RequestContext,
        _ client: any SessionClient
    ) async throws(GatewayError) -> ProviderSession {
        let deployment = attempt.deployment
        guard attempt.isSpoken, let dialect = request.clientDialect.sessions else {
            throw GatewayError(
                .unsupportedFeature,
                "\(deployment.access.name) holds no sessions over a WebSocket. Ask for a model of a provider that does.",
                field: "model"
            )
        }
        // A session that no message has passed through has consumed nothing.
        attempt.consumption = .nothing
        var outgoing = try outgoing(attempt, session, request, dialect)
        if let signer = deployment.access.signer {
            try await signer.sign(&outgoing, at: context.clock.now(), through: context.transport)
        }
        client.abort.onFire { attempt.abort.fire() }
        let offer = SocketOffer(
            subprotocols: session.subprotocols,
            messageLimit: request.snapshot.policy.sessions.messageBytes
        )
        attempt.noteSent(request)
        switch try await context.transport.open(outgoing, offer: offer, abort: attempt.abort) {
        case .open(let socket, let subprotocol):
            return ProviderSession(
                socket: socket,
                subprotocol: subprotocol,
                dialect: dialect,
                quirks: deployment.quirks
            )
        case .refused(let answer):
            throw await refusal(answer, of: attempt, request)
        }
    }

    private func outgoing(
        _ attempt: Attempt,
        _ session: SessionRequest,
        _ request: RequestContext,
        _ dialect: any SessionDialect
    ) throws(GatewayError) -> UpstreamRequest {
        let deployment = attempt.deployment
        let query = ["model=" + PercentEncoding.encoded(deployment.upstreamModel)] + session.query
        let fields = try headers(attempt, request).filter { !$0.name.isOfHandshake }
        var outgoing = UpstreamRequest(
            endpoint: deployment.endpoint,
            method: "GET",
            path: deployment.pathPrefix + dialect.path + "?" + query.joined(separator: "&"),
            headers: HeaderFields(fields),
            body: ByteBuffer(),
            timeouts: deployment.timeouts,
            proxy: deployment.proxy
        )
        outgoing.provider = deployment.access.name
        outgoing.addressGuard = deployment.access.addressGuard
        return outgoing
    }
}

extension String {
    /// Whether a field of this name belongs to a request with a body, or to one connection's handshake.
    fileprivate var isOfHandshake: Bool {
        let name = lowercased()
        return ["content-type", "connection", "upgrade"].contains(name) || name.hasPrefix("sec-websocket-")
    }
}
