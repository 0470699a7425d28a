import Glibc
import SiraCatalog
import SiraCore
import SiraPricing

/// A model that does a task as well and costs less.
///
/// As well means, where both models have thirty ratings for the task, that the candidate's mean score is with 95 %
/// confidence no more than 0.05 below (a test of non-inferiority for two means; the variance of scores between 0 and 1
/// is at most p(1 − p)). Where they have not, the catalogue's quality must be no more than 0.02 below, which is its
/// noise (docs/quality.md). Ratings count for more: where they say no, the catalogue is not asked.
///
/// The new cost is that of the same tokens. Other tokenizers and longer answers may make them up to 25 % more, which is
/// the low figure, or 10 % less, the high one.
struct CheaperModel: AdviceRule {
    let name = "cheaper-model"

    private static let (leastRequests, leastRatings) = (Int64(50), Int64(30))
    private static let (scoreMargin, qualityMargin) = (0.05, 0.02)
    /// A change for less than this share is not worth the trouble.
    private static let leastShare = 0.1
    private static let (more, less) = (1.25, 0.9)
    /// The one-sided 95 % quantile of the normal distribution.
    private static let confidence = 1.645

    private struct Candidate {
        let reference: ModelReference
        let cost: NanoUSD
        let evidence: [Advice.Evidence]
        let isMeasured: Bool
    }

    func advice(_ facts: AdviceFacts) -> [Advice] {
        facts.tasks.compactMap { task in
            guard task.row.requests >= Self.leastRequests else { return nil }
            guard let tariff = tariff(facts, task.row.model), let cost = tariff.cost(of: task.row) else { return nil }
            let limit = cost.scaled(by: 1 - Self.leastShare)
            let candidates = facts.available.compactMap { candidate(facts, $0, for: task) }.filter { $0.cost <= limit }
            // What was measured here goes before what others measured, then the cheaper one.
            let best = candidates.min {
                ($0.isMeasured ? 0 : 1, $0.cost, $0.reference.description)
                    < ($1.isMeasured ? 0 : 1, $1.cost, $1.reference.description)
            }
            return best.map { advice(facts, task, cost, $0) }
        }
    }

    private func tariff(_ facts: AdviceFacts, _ model: ModelReference) -> Tariff? {
        facts.prices.tariff(provider: model.provider, model: model.model)
    }

    private func candidate(_ facts: AdviceFacts, _ reference: ModelReference, for task: TaskRow) -> Candidate? {
        guard reference != task.row.model, let cost = tariff(facts, reference)?.cost(of: task.row) else { return nil }
        let catalog = facts.catalog
        guard let model = catalog.model(provider: reference.provider, name: reference.model) else { return nil }
        let own = catalog.model(provider: task.row.model.provider, name: task.row.model.model)
        guard model.capabilities.isSuperset(of: task.needs), !model.isRetired(at: facts.now) else { return nil }
        guard own.map({ $0.kind == model.kind }) ?? true else { return nil }
        if let context = model.context, context < task.longestPrompt { return nil }
        let rated = facts.tasks.first { $0.task == task.task && $0.row.model == reference }
        if let rated, rated.ratings >= Self.leastRatings, task.ratings >= Self.leastRatings {
            guard Self.isAsGood(rated, as: task) else { return nil }
            return Candidate(
                reference: reference,
                cost: cost,
                evidence: [
                    Advice.Evidence("mean_score", task.meanScore), Advice.Evidence("ratings", Double(task.ratings)),
                    Advice.Evidence("other_mean_score", rated.meanScore),
                    Advice.Evidence("other_ratings", Double(rated.ratings)),
                ],
                isMeasured: true
            )
        }
        guard let quality = own?.quality, let other = model.quality, other >= quality - Self.qualityMargin else {
            return nil
        }
        return Candidate(
            reference: reference,
            cost: cost,
            evidence: [Advice.Evidence("quality", quality), Advice.Evidence("other_quality", other)],
            isMeasured: false
        )
    }

    private static func isAsGood(_ other: TaskRow, as task: TaskRow) -> Bool {
        func variance(_ row: TaskRow) -> Double {
            let mean = min(1, max(0, row.meanScore))
            return mean * (1 - mean) / Double(row.ratings)
        }
        let error = sqrt(variance(other) + variance(task))
        return other.meanScore - task.meanScore - confidence * error >= -scoreMargin
    }

    private func advice(_ facts: AdviceFacts, _ task: TaskRow, _ cost: NanoUSD, _ best: Candidate) -> Advice {
        let purpose = task.task.isEmpty ? "" : " for \(task.task)"
        let basis = best.isMeasured ? "is rated as good there" : "is as good by the catalogue"
        return Advice(
            self,
            about: [task.task, task.row.model.description, best.reference.description],
            "\(best.reference) \(basis) as \(task.row.model)\(purpose) and would have cost "
                + "$\(best.cost) instead of $\(cost): send it there.",
            evidence: [
                Advice.Evidence("requests", Double(task.row.requests)), Advice.Evidence("cost_usd", cost.dollars),
                Advice.Evidence("other_cost_usd", best.cost.dollars),
            ] + best.evidence,
            saving: facts.saving(
                low: cost - best.cost.scaled(by: Self.more),
                expected: cost - best.cost,
                high: cost - best.cost.scaled(by: Self.less)
            ),
            change: .route(from: task.row.model, to: best.reference, task: task.task.isEmpty ? nil : task.task)
        )
    }
}
