internal import SiraCatalog
package import SiraCore
internal import SiraSignals
internal import SiraWire

extension Directory {
    /// The name by which a client leaves the model to the gateway.
    package static let automatic = "auto"

    /// Where a request goes, best first.
    ///
    /// A name with one place behind it is answered from the table: nothing is measured, sorted or put into words for it.
    ///
    /// - Throws: what ``plan(for:operation:)`` throws; `invalidField` when the objective behind the name cannot be read;
    ///   `noCandidate` when no model that the name leads to has what the request needs, or meets the objective;
    ///   whatever making the facts throws.
    package func plan(
        _ question: RouteQuestion,
        using random: inout some RandomNumberGenerator
    ) throws(GatewayError) -> Plan {
        let (name, aim) = try aim(question)
        if let route = routes[name] {
            guard !route.members.isEmpty || !route.fallbacks.isEmpty else {
                _ = try offering(question.operation, among: Resolution(rejections: route.rejections), name: name)
                return Plan(candidates: [])
            }
            var choice = Choice(question, name: name, aim: aim, rejections: route.rejections)
            return try choice.plan(of: route, aim: aim, using: &random)
        }
        if choosesFreely(name) { return try automatic(question, aim, using: &random) }
        let resolution = try offering(question.operation, among: try known(name), name: name)
        if aim == nil, question.arm == nil, question.isAllowed == nil,
            isSettled(resolution.candidates, question)
        {
            return Plan(
                candidates: resolution.candidates,
                rejections: resolution.rejections,
                Decision(requested: question.written ?? question.model, plain: resolution.candidates)
            )
        }
        var choice = Choice(question, name: name, aim: aim, rejections: resolution.rejections)
        return try choice.plan(of: resolution.candidates, aim: aim, using: &random)
    }

    /// The name in what a client wrote, without an objective behind it.
    package func name(of model: String) -> String {
        guard model.utf8.contains(UInt8(ascii: ":")) else { return model }
        return Objective.split(model: model) { isListed($0) }.name
    }

    /// Whether the name leaves the model to the gateway.
    package func choosesFreely(_ name: String) -> Bool { name == Self.automatic && !ownNames.contains(name) }

    /// Whether the order of the configuration stands: all are well, and can do the same.
    private func isSettled(_ candidates: [Candidate], _ question: RouteQuestion) -> Bool {
        guard candidates.count > 1 else { return true }
        let first = candidates[0].deployment.model
        return candidates.allSatisfy { candidate in
            let model = candidate.deployment.model
            return model?.capabilities == first?.capabilities && model?.context == first?.context
                && candidate.deployment.retirement(at: question.now) == nil
                && candidate.deployment.isAvailable(for: question)
        }
    }

    private func automatic(
        _ question: RouteQuestion,
        _ aim: Aim?,
        using random: inout some RandomNumberGenerator
    ) throws(GatewayError) -> Plan {
        guard question.operation.isConversation else {
            throw GatewayError(
                .unsupportedFeature,
                "\"\(Self.automatic)\" chooses among models for conversation; name the model for this "
                    + "\(question.operation.label) request.",
                field: "model"
            )
        }
        var choice = Choice(question, name: Self.automatic, aim: aim)
        return try choice.plan(among: pool, aim: aim, using: &random)
    }

    /// The name, and what the client wants by what stands behind its colon and in headers.
    private func aim(_ question: RouteQuestion) throws(GatewayError) -> (name: String, aim: Aim?) {
        let model = question.model
        let isPlain = !model.utf8.contains(UInt8(ascii: ":"))
        if isPlain, !question.hasOwnHeaders { return (model, nil) }
        let (name, text) = Objective.split(model: model) { isListed($0) }
        do throws(ObjectiveError) {
            return (name, Aim(try Objective.stated(afterModel: text, headers: question.headers)))
        } catch {
            throw error.refusal
        }
    }
}
