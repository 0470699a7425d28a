import NIOCore
import SiraCore
import SiraRouting
import SiraWire

/// One attempt, from the request that a provider is sent to the first content of its answer.
extension Pipeline {
    /// Asks the attempt's deployment, and waits until its answer can be shown.
    ///
    /// - Throws: why there is none; what the provider may have taken for it stands in the attempt.
    nonisolated(nonsending) func perform(
        _ attempt: Attempt,
        _ request: RequestContext
    ) async throws(GatewayError) -> Answer {
        do throws(GatewayError) {
            return try await open(attempt, request)
        } catch {
            throw attempt.withdrawal?.error(attempt.deployment, error) ?? error
        }
    }

    private nonisolated(nonsending) func open(
        _ attempt: Attempt,
        _ request: RequestContext
    ) async throws(GatewayError) -> Answer {
        var upstream = try await send(attempt, request)
        guard isAnswer(upstream, request) else { throw await refusal(upstream, of: attempt, request) }
        if case .thing(let thing) = request.inbound.matter, thing.action == .list {
            upstream = try await gathered(upstream, attempt, request)
        }
        let (course, shape) = try course(for: attempt, request, upstream)
        let answer = Answer(
            upstream,
            course: course,
            context: context,
            shape: shape,
            pulse: request.clientDialect.pulse,
            transcriptLimit: request.snapshot.policy.loggedBodyBytes ?? 0
        )
        do throws(GatewayError) {
            try await answer.open(abort: attempt.abort)
            try await keep(course, attempt, request)
            return answer
        } catch {
            // A provider may have read a long prompt before it failed, and bill that.
            attempt.consumption =
                course.isRefusal || request.inbound.matter.isFree
                ? .nothing : answer.consumption(error, asked: promptTokens(request, attempt.deployment))
            throw error
        }
    }

    /// Sends a deployment what the request asks of it, and waits for the head of its answer.
    nonisolated(nonsending) func send(
        _ attempt: Attempt,
        _ request: RequestContext
    ) async throws(GatewayError) -> any UpstreamAnswer {
        var outgoing = try outgoing(attempt, request, try request.readEnvelope)
        let signer = attempt.deployment.access.signer
        if signer?.signsBody ?? false { try await complete(&outgoing, request) }
        if let signer {
            try await signer.sign(&outgoing, at: context.clock.now(), through: context.transport)
        }
        // Whoever has left meanwhile, or was overtaken, is not to be charged for.
        guard !attempt.abort.hasFired else { throw .clientLeft }
        attempt.noteSent(request)
        attempt.consumption = request.inbound.matter.isFree ? .nothing : .unknown
        do throws(GatewayError) {
            let answer = try await context.transport.send(outgoing, abort: attempt.abort)
            attempt.noteLimits(answer.headers, context.clock)
            return answer
        } catch {
            if !error.mayHaveBeenSent { attempt.consumption = .nothing }
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
        of attempt: Attempt,
        _ request: RequestContext
    ) async -> GatewayError {
        if upstream.status >= 300 { attempt.consumption = .nothing }
        // Half a body is no better than none; then the status is all that is known.
        let body = await BodyCollector(limit: 1_000_000).collect(upstream, abort: attempt.abort) ?? ByteBuffer()
        if attempt.abort.hasFired {
            return GatewayError(.clientClosed, "The client closed the connection before the answer was complete.")
        }
        let dialect = request.snapshot.dialects[attempt.wire]
        var observer = dialect.makeObserver(
            request.inbound.operation,
            isStream: false,
            withholdsUsage: false,
            quirks: attempt.deployment.quirks
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
        if isRefusal { attempt.consumption = Consumption(ofRefusal: observer.reported) }
        error.retryAfter = upstream.headers["retry-after"].flatMap { secondsToWait($0, now: context.clock.now()) }
        let isJSON = body.readableBytesView.first { $0 > 0x20 } == UInt8(ascii: "{")
        if attempt.isSpoken, isJSON, upstream.status >= 400, error.mayBeShownAsSent {
            attempt.refusal = UpstreamRefusal(
                status: upstream.status,
                contentType: upstream.headers["content-type"] ?? "application/json",
                body: body
            )
        }
        return error
    }
}

extension UpstreamAnswer {
    /// Whether the body says that it is of this media type.
    func isOf(type: String) -> Bool { headers["content-type"]?.mediaType == type }
}

extension GatewayError {
    /// Whether the provider's own words may be shown: what it finds wrong with the request.
    ///
    /// What it says of the operator's account or of itself is told in ours.
    fileprivate var mayBeShownAsSent: Bool { code == .upstreamRejected }
}

extension Attempt.Withdrawal {
    /// What the gateway's giving up means, in place of what the transport made of it; nil where the attempt had failed
    /// by itself before.
    func error(_ deployment: Deployment, _ error: GatewayError) -> GatewayError? {
        guard error.code == .clientClosed else { return nil }
        switch self {
        case .late(let limit):
            return GatewayError(
                .upstreamTimeout,
                "The provider \(deployment.access.name) did not begin to answer within "
                    + "\(Double(limit.wholeMicroseconds / 1_000) / 1_000) s."
            )
        case .lost:
            return GatewayError(.clientClosed, "Another attempt began to answer first.")
        }
    }
}
