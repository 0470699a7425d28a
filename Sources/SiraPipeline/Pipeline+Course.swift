import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

extension Pipeline {
    /// How the deployment's answer becomes the client's, and in which shape.
    func course(
        for attempt: Attempt,
        _ request: RequestContext,
        _ upstream: any UpstreamAnswer
    ) throws(GatewayError) -> (any AnswerCourse, AnswerShape) {
        let (operation, envelope) = (request.inbound.operation, try request.readEnvelope)
        let deployment = attempt.deployment
        switch request.inbound.matter {
        case .passage(let passage): return (passing(passage, deployment, request, upstream), .bytes)
        case .thing(let thing):
            if case .content = thing.action { return (PassingBytes(reported: .free), .bytes) }
            let limit = request.snapshot.policy.answerBytes
            let (status, headers, indexer) = (upstream.status, upstream.headers, context.indexer)
            return (
                ThingAnswer(
                    thing,
                    status: status,
                    own: request.ownIDs,
                    pageSize: request.pageSize,
                    indexer: indexer,
                    limit: limit,
                    unlikely: { Self.unlikely(status, headers, $0, from: deployment, indexer) }
                ), .whole
            )
        case .call where operation.hasManyShapes:
            request.isStream = upstream.isOf(type: "text/event-stream")
            guard request.isStream || upstream.headers["content-type"]?.isJSON ?? true else {
                return (PassingBytes(reported: ReportedUsage(characters: envelope.characters)), .bytes)
            }
        case .call:
            break
        }
        if !attempt.isSpoken, let embedding = embedding(attempt, request) { return (embedding, .whole) }
        if !attempt.isSpoken, operation.isTokenCount, let count = tokenCount(attempt, request) {
            return (count, .whole)
        }
        let comesWhole = request.isStream && upstream.isOf(type: "application/json")
        let shape = request.isStream ? AnswerShape.events : .whole
        if let continuing = attempt.continuing, let provider = request.snapshot.dialects[attempt.wire].provider {
            let reader = provider.makeReader(isStream: !comesWhole, quirks: deployment.quirks)
            let framing = request.snapshot.dialects[attempt.wire].framing
            return (TranslatedAnswer(continuing: continuing.answer, reader, framing, isStream: !comesWhole), shape)
        }
        if attempt.isSpoken, !(comesWhole && operation.isConversation), !request.mayContinue {
            return (spoken(attempt, request, envelope, comesWhole: comesWhole), shape)
        }
        return (translated(attempt, request, envelope, isStream: request.isStream && !comesWhole), shape)
    }

    /// Passes an answer of the client's own protocol.
    ///
    /// - Parameter comesWhole: whether the provider has ignored that a stream was asked for. A conversation's answer is
    ///   made into one then, by the way that translated answers go; others cannot be.
    private func spoken(
        _ attempt: Attempt,
        _ request: RequestContext,
        _ envelope: Envelope,
        comesWhole: Bool
    ) -> any AnswerCourse {
        let dialect = request.snapshot.dialects[attempt.wire]
        let isStream = request.isStream && !comesWhole
        let observer = dialect.makeObserver(
            request.inbound.operation,
            isStream: isStream,
            withholdsUsage: !envelope.asksForUsage,
            quirks: attempt.deployment.quirks
        )
        guard !isStream else {
            return PassingStream(observer: observer, framing: dialect.framing, indexer: context.indexer)
        }
        let limit = request.snapshot.policy.answerBytes
        let whole = PassingWhole(observer: observer, indexer: context.indexer, limit: limit)
        return comesWhole ? IgnoredStream(whole) : whole
    }

    /// Passes an answer of whatever kind as it comes, and reads figures in it where its path says what it is.
    private func passing(
        _ passage: Passage,
        _ deployment: Deployment,
        _ request: RequestContext,
        _ upstream: any UpstreamAnswer
    ) -> any AnswerCourse {
        let framing = StreamFraming(mediaType: upstream.headers["content-type"]?.mediaType ?? "")
        request.isStream = framing != nil && upstream.status < 300
        // What is only looked at has been paid for by whoever made it.
        if ["GET", "HEAD", "OPTIONS"].contains(request.inbound.method) { return PassingBytes(reported: .free) }
        guard upstream.status < 300, let operation = PassageMeaning(of: passage.path).operation else {
            return PassingBytes()
        }
        let dialect = request.snapshot.dialects[operation.clientProtocol]
        let isJSON = upstream.headers["content-type"]?.isJSON ?? false
        guard dialect.name == operation.clientProtocol, framing == dialect.framing || (framing == nil && isJSON) else {
            return PassingBytes()
        }
        let observer = dialect.makeObserver(
            operation,
            isStream: framing != nil,
            withholdsUsage: false,
            quirks: deployment.quirks
        )
        return PassingBytes(
            observer: observer,
            framing: framing,
            indexer: context.indexer,
            limit: request.snapshot.policy.answerBytes
        )
    }

    private func translated(
        _ attempt: Attempt,
        _ request: RequestContext,
        _ envelope: Envelope,
        isStream: Bool
    ) -> any AnswerCourse {
        let dialect = request.snapshot.dialects[attempt.wire]
        guard let provider = dialect.provider, let client = request.clientDialect.client else {
            preconditionFailure("the request to \(attempt.deployment.id) was translated, so its answer can be")
        }
        var wanted = AnswerRequest(
            request: request.id,
            model: envelope.model,
            isStream: request.isStream,
            asksForUsage: envelope.asksForUsage,
            createdAt: request.inbound.startedAt,
            call: client.answersTellOfRequest ? request.call : nil
        )
        wanted.previous = request.conversation?.request.previous
        let (clock, start) = (context.clock, request.inbound.startedUptime)
        wanted.elapsed = { Int((max(clock.uptime(), start) - start) / 1_000_000) }
        return TranslatedAnswer(
            reader: provider.makeReader(isStream: isStream, quirks: attempt.deployment.quirks),
            writer: client.makeWriter(for: wanted),
            framing: dialect.framing,
            clientFraming: request.clientDialect.framing,
            indexer: context.indexer,
            isStream: isStream,
            limit: request.snapshot.policy.answerBytes,
            remembers: request.mayContinue
        )
    }
}

extension ReportedUsage {
    /// What is known of an answer that does not tell its figures: how long the text was that it speaks.
    fileprivate init?(characters: Int) {
        guard characters > 0 else { return nil }
        var usage = Usage()
        usage.characters = characters
        self.init(usage)
    }
}

extension StreamFraming {
    /// The framing that goes with a media type; nil where it is none of a stream's.
    fileprivate init?(mediaType: String) {
        switch mediaType {
        case "text/event-stream": self = .serverSentEvents
        case "application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/stream+json":
            self = .lines
        case "application/vnd.amazon.eventstream": self = .eventStream
        default: return nil
        }
    }
}
