import SiraCore

/// How the savings of a ``ReturnModel`` change when one of its numbers is another.
package struct Sensitivity: Sendable {
    /// A number that is changed while the others stay.
    package enum Variable: String, Sendable, CaseIterable {
        case cacheHitRate = "cache_hit_rate"
        case batchRate = "batch_rate"
        case costPerRequest = "cost_per_request"
        case requests
        case overhead
    }

    /// What becomes of the savings.
    package struct Line: Hashable, Sendable {
        package var variable: Variable
        /// By how many hundredths the number is changed.
        package var change: Int
        package var model: ReturnModel
    }

    /// By variable, each from the greatest fall to the greatest rise.
    package let lines: [Line]
    /// The savings for hit rates of 0, 10, … 90 %, all else as it is.
    package let hitRates: [ReturnModel]

    /// The changes of each number, in hundredths of it; rates stay between 0 and 1.
    package static let changes = [-50, -25, -10, 0, 10, 25, 50]

    package init(_ model: ReturnModel) {
        lines = Variable.allCases.flatMap { variable in
            Self.changes.map { Line(variable: variable, change: $0, model: model.changing(variable, by: $0)) }
        }
        hitRates = (0..<10).map { tenth in
            var changed = model
            changed.cacheHitRate = Share(Double(tenth) / 10)
            return changed
        }
    }
}

extension ReturnModel {
    /// The model with one number so many hundredths larger, rounded to its unit.
    func changing(_ variable: Sensitivity.Variable, by hundredths: Int) -> ReturnModel {
        var changed = self
        let factor = Double(100 + hundredths) / 100
        switch variable {
        case .cacheHitRate: changed.cacheHitRate = Share(cacheHitRate.value * factor)
        case .batchRate: changed.batchRate = Share(batchRate.value * factor)
        case .costPerRequest: changed.costPerRequest = Self.scaled(costPerRequest, hundredths)
        case .requests: changed.requests = Self.scaled(NanoUSD(nanos: requests), hundredths).nanos
        case .overhead: changed.overhead = Self.scaled(overhead, hundredths)
        }
        return changed
    }

    private static func scaled(_ amount: NanoUSD, _ hundredths: Int) -> NanoUSD {
        let product = Int128(amount.nanos) * Int128(100 + hundredths)
        return NanoUSD(nanos: Int64(clamping: (product + (product < 0 ? -50 : 50)) / 100))
    }
}
