import NIOCore
import SiraCore
import SiraLedger
import SiraRouting
import SiraStorage
import SiraTelemetry
import SiraWire

extension Pipeline {
    /// Asks the plan's deployments, one after another, until one begins to answer.
    ///
    /// The first content of the answer commits the attempt, and so does a long silence after its head: up to then
    /// another deployment can still be asked, and the client has been told nothing. Each attempt that failed is a line of
    /// the ledger.
    nonisolated(nonsending) func execute(
        _ plan: Plan,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) -> Answer {
        var candidates = plan.candidates[...]
        while let candidate = candidates.popFirst() {
            let before = request.candidate
            begin(candidate, request)
            do throws(GatewayError) {
                let answer = try await attempt(candidate.deployment, request, client)
                request.committed = context.clock.uptime()
                request.upstreamTime += request.committed &- request.attemptStarted
                request.trail.mark(.execute, at: request.committed)
                return answer
            } catch {
                request.upstreamTime += context.clock.uptime() &- request.attemptStarted
                noteWhetherSent(error, request, before)
                logDetail(of: error, request)
                guard !candidates.isEmpty, error.mayGoElsewhere, request.isRepeatable, !client.abort.hasFired else {
                    throw error
                }
                if request.isSent { book(error, of: request) }
            }
        }
        throw GatewayError(.modelNotFound, "There is no provider for this model.", field: "model")
    }

    /// Takes back an attempt of which nothing was sent, such as of what cannot be put into the provider's protocol: it is
    /// no attempt and has no line, and the provider is not said to have answered.
    ///
    /// - Parameter before: the candidate of the attempt before it.
    func noteWhetherSent(_ error: GatewayError, _ request: RequestContext, _ before: Candidate?) {
        if request.isSent { return }
        guard error.code.blame != .upstream else {
            // What is needed for asking the provider was asked for, such as its token.
            request.isSent = true
            return
        }
        request.attempts -= 1
        request.candidate = before
    }

    func begin(_ candidate: Candidate, _ request: RequestContext) {
        request.candidate = candidate
        request.wire = request.wire(of: candidate.deployment)
        request.attempts += 1
        request.isSent = false
        request.attemptStarted = context.clock.uptime()
        request.consumption = .nothing
        request.refusal = nil
        request.dropped = []
    }

    /// One attempt, up to the first content.
    private nonisolated(nonsending) func attempt(
        _ deployment: Deployment,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) -> Answer {
        var upstream = try await send(deployment, request, client)
        guard isAnswer(upstream, request) else { throw await refusal(upstream, of: deployment, request, client) }
        if case .thing(let thing) = request.inbound.matter, thing.action == .list {
            upstream = try await gathered(upstream, deployment, request, client)
        }
        let (course, shape) = try course(for: deployment, request, upstream)
        let answer = Answer(
            upstream,
            course: course,
            context: context,
            shape: shape,
            pulse: request.clientDialect.pulse,
            transcriptLimit: request.snapshot.policy.loggedBodyBytes ?? 0
        )
        do throws(GatewayError) {
            try await answer.open(abort: client.abort)
            try await keep(course, request)
            return answer
        } catch {
            // A provider may have read a long prompt before it failed, and bill that.
            request.consumption =
                course.isRefusal || request.inbound.matter.isFree
                ? .nothing : answer.consumption(error, asked: request.inbound.promptSize)
            throw error
        }
    }

    /// Sends a deployment what the request asks of it, and waits for the head of its answer.
    nonisolated(nonsending) func send(
        _ deployment: Deployment,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async throws(GatewayError) -> any UpstreamAnswer {
        var outgoing = try outgoing(deployment, request, try request.readEnvelope)
        if deployment.access.signer?.signsBody ?? false { try await complete(&outgoing, request) }
        if let signer = deployment.access.signer {
            try await signer.sign(&outgoing, at: context.clock.now(), through: context.transport)
        }
        request.isSent = true
        request.consumption = request.inbound.matter.isFree ? .nothing : .unknown
        do throws(GatewayError) {
            return try await context.transport.send(outgoing, abort: client.abort)
        } catch {
            if !error.mayHaveBeenSent { request.consumption = .nothing }
            throw error
        }
    }

    /// Waits for all of a body that is still arriving, for a provider that wants it signed.
    private nonisolated(nonsending) func complete(
        _ outgoing: inout UpstreamRequest,
        _ request: RequestContext
    ) async throws(GatewayError) {
        guard let rest = outgoing.rest else { return }
        let reading = BodyReading(rest.source, limit: request.snapshot.policy.heldFormBytes) { _ in false }
        outgoing.body.writeImmutableBuffer(try await reading.read())
        outgoing.rest = nil
    }

    /// Whether what has come is the client's answer; else it is a refusal, which is told in our terms.
    private func isAnswer(_ upstream: any UpstreamAnswer, _ request: RequestContext) -> Bool {
        switch request.inbound.matter {
        case .call, .thing: upstream.status < 300 && !(request.isStream && upstream.isOf(type: "text/html"))
        // What a provider finds wrong with what it was asked it says itself, but what with the operator's account is
        // nobody else's business.
        case .passage: ![401, 402, 403].contains(upstream.status)
        }
    }

    /// What an error answer says, in our terms.
    nonisolated(nonsending) func refusal(
        _ upstream: any UpstreamAnswer,
        of deployment: Deployment,
        _ request: RequestContext,
        _ client: any ClientStream
    ) async -> GatewayError {
        if upstream.status >= 300 { request.consumption = .nothing }
        // Half a body is no better than none; then the status is all that is known.
        let body = await BodyCollector(limit: 1_000_000).collect(upstream, abort: client.abort) ?? ByteBuffer()
        if client.abort.hasFired {
            return GatewayError(.clientClosed, "The client closed the connection before the answer was complete.")
        }
        let dialect = request.snapshot.dialects[request.wire]
        var observer = dialect.makeObserver(
            request.inbound.operation,
            isStream: false,
            withholdsUsage: false,
            quirks: deployment.quirks
        )
        var isRefusal = upstream.status >= 300
        var error = body.withUnsafeReadableBytes { bytes in
            let named = observer.observe(whole: bytes, indexer: context.indexer)
            if !isRefusal, let named {
                isRefusal = true
                return named
            }
            return dialect.readError(status: upstream.status, body: bytes, indexer: context.indexer)
        }
        if isRefusal { request.consumption = Consumption(ofRefusal: observer.reported) }
        error.retryAfter = upstream.headers["retry-after"].flatMap { secondsToWait($0, now: context.clock.now()) }
        let isJSON = body.readableBytesView.first { $0 > 0x20 } == UInt8(ascii: "{")
        if request.isSpoken, isJSON, upstream.status >= 400, error.mayBeShownAsSent {
            request.refusal = UpstreamRefusal(
                status: upstream.status,
                contentType: upstream.headers["content-type"] ?? "application/json",
                body: body
            )
        }
        return error
    }

    /// Books an attempt that failed, where another one follows.
    func book(_ error: GatewayError, of request: RequestContext) {
        var record = request.record(now: context.clock.uptime())
        record.isFinal = false
        record.outcome = Outcome(error.code)
        record.errorCode = error.code.rawValue
        record.status = error.upstreamStatus ?? error.status
        record.enter(request.consumption, prices: request.candidate?.deployment.prices)
        context.journal.append(record)
    }
}

extension UpstreamAnswer {
    /// Whether the body says that it is of this media type.
    func isOf(type: String) -> Bool { headers["content-type"]?.mediaType == type }
}

extension GatewayError {
    /// Whether another deployment may do better, as where the request can be expressed in its protocol.
    var mayGoElsewhere: Bool { code.blame == .upstream || code == .unsupportedFeature }

    /// Whether the provider's own words may be shown: what it finds wrong with the request.
    ///
    /// What it says of the operator's account or of itself is told in ours.
    fileprivate var mayBeShownAsSent: Bool { code == .upstreamRejected }
}
