import SiraCore
import SiraExperiments
import SiraLimits
import SiraRouting
import SiraSignals
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Finds the deployments that can answer, best first.
    nonisolated(nonsending) func route(
        _ admission: Admission,
        _ request: RequestContext
    ) async throws(GatewayError) -> Plan {
        let (directory, envelope) = (request.snapshot.directory, admission.envelope)
        var plan =
            switch request.inbound.matter {
            case .call: try allowed(try reaching(try choose(envelope, request), request), request)
            case .passage(let passage):
                try directory.passage(
                    to: passage.provider,
                    model: String(envelope.model.dropFirst(passage.provider.count + 1))
                )
            case .thing(let thing): try await whereabouts(of: thing, request)
            }
        if case .call = request.inbound.matter {} else { plan.resilience = .once }
        plan = try withoutDrained(plan)
        request.wasRouted = true
        request.decision = plan.decision
        request.plan = plan
        request.trail.mark(.route, at: context.clock.uptime())
        return plan
    }

    /// Chooses among the deployments that the model's name leads to.
    private func choose(_ envelope: Envelope, _ request: RequestContext) throws(GatewayError) -> Plan {
        var question = RouteQuestion(
            model: request.routedModel ?? thrifty(envelope.model, request) ?? assign(envelope.model, request),
            operation: envelope.operation,
            now: request.inbound.startedAt,
            uptime: context.clock.uptime()
        ) { [self] () throws(GatewayError) in try facts(request) }
        if let experiment = request.experiment {
            question.arm = experiment.label
            question.written = envelope.model
        }
        if request.isThrifty { question.written = envelope.model }
        question.headers = request.inbound.headers
        question.isStream = request.isStream
        question.key = request.key?.name ?? ""
        question.tags = request.tags
        if let key = request.key, !key.allowedModels.isEmpty, !request.mayUseName {
            question.isAllowed = { key.allows(model: $0.id) || key.allows(model: $0.upstreamModel) }
        }
        let isCounted = !request.inbound.isDryRun && !request.isShadow
        question.isDegraded = { [loads = context.services.memory.loads, now = question.uptime] route, policy in
            loads.isOver(policy, route: route, isCounted: isCounted, at: now)
        }
        question.promptTokens = (request.inbound.promptSize ?? 0) / 4
        var plan = try plan(question, request)
        if plan.decision.route == nil { plan.resilience = request.snapshot.policy.resilience }
        return plan
    }

    /// Asks the directory; for a count of tokens that no deployment gives, once more for those that would answer what is
    /// counted.
    private func plan(_ question: RouteQuestion, _ request: RequestContext) throws(GatewayError) -> Plan {
        do throws(GatewayError) {
            return try request.snapshot.directory.plan(question, using: &context.random)
        } catch {
            guard error.code == .unsupportedFeature, question.operation.isTokenCount else { throw error }
            var question = question
            question.operation = request.inbound.clientProtocol.conversation
            request.isCountedHere = true
            return try request.snapshot.directory.plan(question, using: &context.random)
        }
    }

    /// The cheaper model that a budget sends its requests to; nil as long as none does.
    private func thrifty(_ model: String, _ request: RequestContext) -> String? {
        guard !request.isShadow, let cheaper = request.meters?.softModel(at: context.clock.now()) else { return nil }
        guard request.snapshot.directory.name(of: model) != cheaper else { return nil }
        request.isThrifty = true
        return cheaper
    }

    /// What the request shows of itself, where a rule, an objective or a strategy asks.
    func facts(_ request: RequestContext) throws(GatewayError) -> RequestFacts {
        var known = RequestFacts()
        known.session = request.inbound.headers["x-sira-session"] ?? ""
        known.user = request.inbound.headers["x-sira-user"] ?? ""
        known.promptTokens = (request.inbound.promptSize ?? 0) / 4
        guard request.inbound.operation.isConversation, let client = request.clientDialect.client else { return known }
        let call = try readJSON(request.inbound.body) { json throws(GatewayError) in
            try client.readCall(json, path: request.inbound.path)
        }
        return RequestFacts(of: call, adding: known)
    }

    /// Those of a plan's candidates that the key may use.
    ///
    /// - Throws: `modelNotAllowed` when it may use none.
    private func allowed(_ plan: Plan, _ request: RequestContext) throws(GatewayError) -> Plan {
        guard let key = request.key, !key.allowedModels.isEmpty, !request.mayUseName else { return plan }
        let left = plan.filter { key.allows(model: $0.deployment.id) || key.allows(model: $0.deployment.upstreamModel) }
        guard left.candidates.isEmpty else { return left }
        throw GatewayError(
            .modelNotAllowed,
            "The key \(key.name) may use none of the models that this request could go to. GET /v1/models lists those "
                + "that it may use.",
            field: "model"
        )
    }

    /// Those of a plan's candidates that have the files that the request names.
    ///
    /// - Throws: `objectNotFound` when none has them all.
    private func reaching(_ plan: Plan, _ request: RequestContext) throws(GatewayError) -> Plan {
        let accesses = Set(request.files.map(\.access))
        guard let file = request.files.first else { return plan }
        let candidates = plan.candidates.filter { accesses == [$0.deployment.access.name] }
        guard !candidates.isEmpty else {
            throw GatewayError(
                .objectNotFound,
                "The file \"\(file.id.prefix(100))\" is at \(file.access), which is not asked for this model or does not "
                    + "have the request's other files. Ask for a model of that provider, or send what the files hold."
            )
        }
        return plan.filter { accesses == [$0.deployment.access.name] }
    }
}
