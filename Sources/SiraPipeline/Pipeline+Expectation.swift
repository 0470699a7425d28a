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
        guard !request.inbound.matter.isFree, !request.isCountedHere, !request.isFree(at: deployment) else {
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
        let (estimates, hints, media) = (context.services.estimates, request.hints, request.inbound.media)
        var usage = Usage()
        usage.input = Int(clamping: estimates.prompt(bytes: request.inbound.textSize ?? 0, model: deployment.id))
        usage.input += media.tokens
        (usage.inputImage, usage.inputAudio) = (media.imageTokens, media.audioTokens)
        let rates = deployment.prices.flatMap {
            Tariff($0).rates(input: usage.input, at: request.inbound.startedAt)
        }
        switch request.inbound.operation {
        case .embedding, .embedContent, .batchEmbedContents, .moderation, .rerank, .countTokens, .geminiCountTokens:
            break
        case .speech:
            usage.characters = request.envelope?.characters ?? 0
            expectSpeech(&usage, rates)
        case .imageGeneration, .imageEdit, .imageVariation:
            usage.images = hints.answers
            expectPictures(&usage, rates, at: deployment, request)
        case .transcription, .translation: expectRecording(&usage, rates, bytes: request.inbound.bodySize)
        default:
            usage.output = tokensOfAnswers(at: deployment, request)
        }
        return usage
    }

    /// Tokens of all answers that the request asks for.
    ///
    /// - Parameter unseen: of one, where no answer was seen yet; nil for those of text.
    func tokensOfAnswers(at deployment: Deployment, _ request: RequestContext, unseen: Int64? = nil) -> Int {
        let output = context.services.estimates.output(
            key: request.key?.id ?? "",
            model: deployment.id,
            limit: request.hints.outputLimit.map(Int64.init),
            unseen: unseen
        )
        return Int(min(output, 1_000_000_000)) * max(1, min(request.hints.answers, 1_000))
    }

    /// What prices do not tell is reckoned at the dearest that may hold, or as such requests cost on average if that is
    /// more.
    ///
    /// - Returns: nil where there is no price at all.
    private func expectedCost(of usage: Usage, at deployment: Deployment, _ request: RequestContext) -> NanoUSD? {
        guard let prices = deployment.prices else { return nil }
        let (tariff, time) = (Tariff(prices), request.inbound.startedAt)
        if let cost = tariff.cost(of: usage, at: time) { return cost }
        let mean = deployment.health.standing(at: context.clock.uptime()).meanCost
        let known = [tariff.ceiling(of: usage, at: time), mean.map { NanoUSD(nanos: Int64(min($0, 1e15))) }]
        return known.compactMap { $0 }.max() ?? Self.untold
    }

    /// What a request is reckoned at that has a price, of which nothing can be told: ten cents.
    private static let untold = NanoUSD(nanos: 100_000_000)
}
