package import SiraCore
package import SiraStorage

/// The fee on what an organization saved, with every step of how it comes about.
///
/// What each model that was asked for cost by the token in the months before (by the request, where there were no
/// tokens) is taken times this month's volume: that is what the month would have cost. Less what it did cost, and summed
/// over all models, it is what was saved. Models without a past, and those of whose cost something is not known this
/// month, count as costing what they did. Losses with one model come off the savings with another; in all they are never
/// below zero.
package struct SavingsShare: Hashable, Sendable {
    /// The fee where an operator sets none: 20 %.
    package static let usualBasisPoints: Int64 = 2_000
    /// How many months before the one at hand make up the past.
    package static let baselineMonths = 3

    /// What was asked of a model in a time, and what it cost.
    package struct Volume: Hashable, Sendable {
        /// As the client wrote it.
        package var model: String
        package var requests: Int64
        /// Of prompts and answers.
        package var tokens: Int64
        /// What the organization was charged.
        package var cost: NanoUSD
        /// Whether all of the cost is known.
        package var isComplete: Bool

        package init(model: String, requests: Int64, tokens: Int64, cost: NanoUSD, isComplete: Bool = true) {
            self.model = model
            self.requests = requests
            self.tokens = tokens
            self.cost = cost
            self.isComplete = isComplete
        }

        /// Volumes from roll-ups that are broken down by the model that was asked for.
        package static func all(of rollups: [RollupLine]) throws(BillingError) -> [Volume] {
            var volumes: [String: Volume] = [:]
            for line in rollups {
                guard let model = line.requestedModel, !model.isEmpty else { continue }
                var volume = volumes[model] ?? Volume(model: model, requests: 0, tokens: 0, cost: .zero)
                volume.requests = volume.requests.addingClamped(line.totals.requests)
                volume.tokens = volume.tokens.addingClamped(line.totals.input.addingClamped(line.totals.output))
                volume.cost = try Money.sum([volume.cost, line.totals.charge])
                volume.isComplete =
                    volume.isComplete && line.totals.unpriced == 0 && line.totals.unknownUsage == 0
                volumes[model] = volume
            }
            return volumes.values.sorted { $0.model < $1.model }
        }
    }

    /// One model's part.
    package struct Line: Hashable, Sendable {
        /// What the past is scaled by.
        package enum Measure: String, Hashable, Sendable, CaseIterable {
            case tokens, requests
            /// It counts as costing what it did.
            case none
        }

        package let model: String
        package let measure: Measure
        /// The past's volume in the measure, and what it cost.
        package let pastVolume: Int64
        package let pastCost: NanoUSD
        package let volume: Int64
        /// `past cost × volume ÷ past volume`, rounded half to even.
        package let baseline: NanoUSD
        package let actual: NanoUSD
        /// `baseline − actual`; below zero where it cost more.
        package let saved: NanoUSD
    }

    package let lines: [Line]
    package let basisPoints: Int64
    package let baseline: NanoUSD
    package let actual: NanoUSD
    /// `baseline − actual`, not below zero.
    package let saved: NanoUSD
    /// `saved × basis points ÷ 10,000`, rounded half to even.
    package let fee: NanoUSD

    /// - Parameters:
    ///   - past: volumes of the ``baselineMonths`` before, summed by model.
    ///   - present: those of the month.
    ///   - basisPoints: the fee in hundredths of a percent, 0 to 10,000.
    /// - Throws: ``BillingError`` when a sum leaves the range, or the fee makes no sense.
    package init(
        past: [Volume],
        present: [Volume],
        basisPoints: Int64 = usualBasisPoints
    ) throws(BillingError) {
        var lines: [Line] = []
        for volume in present {
            lines.append(try Line(past.first { $0.model == volume.model }, volume))
        }
        try self.init(lines: lines, basisPoints: basisPoints)
    }

    init(lines: [Line], basisPoints: Int64) throws(BillingError) {
        guard (0...10_000).contains(basisPoints) else {
            throw .invalid("savings fee", "of \(basisPoints) basis points is not from 0 to 10,000")
        }
        self.lines = lines
        self.basisPoints = basisPoints
        baseline = try Money.sum(lines.map(\.baseline))
        actual = try Money.sum(lines.map(\.actual))
        saved = max(.zero, try Money.difference(baseline, actual))
        fee = try Money.scaled(saved, by: basisPoints, over: 10_000)
    }
}

extension SavingsShare.Line {
    fileprivate init(_ past: SavingsShare.Volume?, _ present: SavingsShare.Volume) throws(BillingError) {
        model = present.model
        actual = present.cost
        pastCost = past?.cost ?? .zero
        // A past whose cost is not all known would only be too low: it may serve, to the customer's advantage.
        if let past, present.isComplete, past.tokens > 0, present.tokens > 0 {
            (measure, pastVolume, volume) = (.tokens, past.tokens, present.tokens)
        } else if let past, present.isComplete, past.tokens == 0, present.tokens == 0, past.requests > 0 {
            (measure, pastVolume, volume) = (.requests, past.requests, present.requests)
        } else {
            (measure, pastVolume, volume) = (.none, 0, present.tokens)
        }
        baseline = measure == .none ? present.cost : try Money.scaled(pastCost, by: volume, over: pastVolume)
        saved = try Money.difference(baseline, actual)
    }
}
