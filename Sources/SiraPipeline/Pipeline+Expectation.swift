import SiraHealth
import SiraTenancy
import SiraCatalog
import SiraCore
import SiraLimits
import SiraPricing
import SiraRouting
import SiraWire

/// What a request is expected to use and to cost, before anybody knows.
struct Expectation {
    var usage = Usage()
    /// What the provider will ask; nil where no price is known.
    var cost: NanoUSD?
    /// What the tenant will be asked.
    var charge: NanoUSD?

    /// What is taken from the tenant's limits and budgets.
    var claim: Claim { Claim(tokens: Int64(clamping: usage.total), charge: charge) }
    /// What is taken from those of model and provider.
    var supplyClaim: Claim { Claim(tokens: Int64(clamping: usage.total), charge: cost) }
}

extension Pipeline {
    /// What the request is expected to need at a deployment: as much as all but one in twenty of its like.
    func expectation(of deployment: Deployment, _ request: RequestContext) -> Expectation {
        guard !request.inbound.matter.isFree, !request.isFree(at: deployment) else {
            return Expectation(usage: Usage(), cost: .zero, charge: .zero)
        }
        var expected = Expectation(usage: expectedUsage(at: deployment, request))
        expected.cost = expectedCost(of: expected.usage, at: deployment, request)
        let model = request.envelope?.model ?? ""
        expected.charge = expected.cost.map {
            request.standing?.charge(for: $0, model: model, isRequest: true) ?? $0
        }
        return expected
    }

    private func expectedUsage(at deployment: Deployment, _ request: RequestContext) -> Usage {
        let (estimates, hints) = (context.services.estimates, request.hints)
        var usage = Usage()
        usage.input = Int(clamping: estimates.prompt(bytes: request.inbound.promptSize ?? 0, model: deployment.id))
        switch request.inbound.operation {
        case .embedding, .embedContent, .batchEmbedContents, .moderation, .rerank, .countTokens, .geminiCountTokens:
            break
        case .speech: usage.characters = request.envelope?.characters ?? 0
        case .imageGeneration, .imageEdit, .imageVariation: usage.images = hints.answers
        // Nobody tells how long a recording is before it has been heard.
        case .transcription, .translation: usage.inputAudioTime = 60_000
        default:
            let output = estimates.output(
                key: request.key?.id ?? "",
                model: deployment.id,
                limit: hints.outputLimit.map(Int64.init)
            )
            usage.output = Int(min(output, 1_000_000_000)) * max(1, min(hints.answers, 1_000))
        }
        return usage
    }

    /// Nil where there is no price at all; where prices do not tell, what requests there usually cost.
    private func expectedCost(of usage: Usage, at deployment: Deployment, _ request: RequestContext) -> NanoUSD? {
        guard let prices = deployment.prices else { return nil }
        if let cost = Tariff(prices).cost(of: usage, at: request.inbound.startedAt) { return cost }
        let mean = deployment.health.standing(at: context.clock.uptime()).meanCost
        return NanoUSD(nanos: Int64(min(mean ?? 0, 1e15)))
    }
}
