package import SiraCore

/// Why a request goes where it goes: what was considered, by what it was chosen, what was left out and why.
///
/// Kept for every request, so what nobody reads is not put into words: a plain name with one place behind it costs
/// nothing to record.
package struct Decision: Sendable {
    /// The model as the client wrote it.
    package let requested: String
    /// What there was to choose; nil for a plain name, of which ``plain`` tells all.
    private let box: Box?
    private let plain: [Candidate]

    /// Keeps a decision as small as a few references, since every request carries one about.
    private final class Box: Sendable {
        let details: DecisionDetails

        init(_ details: DecisionDetails) {
            self.details = details
        }
    }

    private var details: DecisionDetails? { box?.details }

    /// A name that leads to places in an order that nothing has changed.
    init(requested: String, plain: [Candidate]) {
        (self.requested, self.plain, box) = (requested, plain, nil)
    }

    package init(requested: String, _ details: DecisionDetails) {
        (self.requested, box, plain) = (requested, Box(details), [])
    }

    /// Whether there was nothing to choose.
    package var isPlain: Bool { box == nil }

    /// Everything, for a plain name as well.
    package var all: DecisionDetails {
        if let details { return details }
        var all = DecisionDetails(name: requested)
        all.candidates = plain.prefix(DecisionDetails.most).enumerated().map { place, candidate in
            Considered(id: candidate.deployment.id, rank: place + 1, score: Double(-place), why: .place(place + 1))
        }
        all.omitted = max(0, plain.count - DecisionDetails.most)
        return all
    }

    /// How many candidates and rejections it holds.
    package var weight: Int { details.map { $0.candidates.count + $0.rejected.count } ?? plain.count }
    /// The name of the route by which it was chosen; nil where none was.
    package var route: String? { details?.route }

    /// What the choice is compared with; nil where there was none to make.
    package var baseline: Baseline? { details?.baseline }
    /// Whether the route's requests went to its cheaper models.
    package var isDegraded: Bool { details?.isDegraded ?? false }
}

/// The parts of a ``Decision``.
package struct DecisionDetails: Hashable, Sendable {
    /// The name without the objective.
    package var name: String
    /// The objective as it was understood.
    package var objective: String?
    package var route: String?
    /// The condition of the rule that applied.
    package var rule: String?
    package var strategy: String?
    /// The tier that the request was put into by its content.
    package var tier: String?
    package var tierReasons: [String] = []
    /// In the order in which they are asked, at most ``most``.
    package var candidates: [Considered] = []
    /// How many more there were.
    package var omitted = 0
    /// At most ``most``.
    package var rejected: [Rejection] = []
    package var omittedRejections = 0
    package var baseline: Baseline?
    /// Experiment and arm.
    package var arm: String?
    package var isDegraded = false

    /// How many candidates, and how many rejections, are kept.
    package static let most = 50

    package init(name: String) {
        self.name = name
    }
}

/// A deployment that was considered, and its place.
package struct Considered: Hashable, Sendable {
    package let id: String
    /// From 1, the first to be asked.
    package let rank: Int
    package let score: Double
    package let why: Why
    /// What the request is expected to cost there; nil where that is not known.
    package let cost: NanoUSD?
    /// Whether it could be asked, such as `available` or `cooling`.
    package let state: String

    package init(
        id: String,
        rank: Int,
        score: Double,
        why: Why,
        cost: NanoUSD? = nil,
        state: String = "available"
    ) {
        (self.id, self.rank, self.score, self.why, self.cost) = (id, rank, score, why, cost)
        self.state = state
    }
}

/// What the request would have cost without the choice.
package struct Baseline: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// At the first in the configuration.
        case first
        /// At the dearest of those that were considered.
        case dearest
    }

    package let kind: Kind
    package let id: String
    package let cost: NanoUSD

    package init(_ kind: Kind, id: String, cost: NanoUSD) {
        (self.kind, self.id, self.cost) = (kind, id, cost)
    }
}
