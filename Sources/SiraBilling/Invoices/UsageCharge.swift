package import SiraCore
package import SiraStorage

/// A line of an invoice: what a project used of a model in the month.
package struct UsageCharge: Hashable, Sendable {
    package var project: String
    package var model: String
    package var requests: Int64
    package var inputTokens: Int64
    package var outputTokens: Int64
    package var charge: NanoUSD

    package init(
        project: String,
        model: String,
        requests: Int64 = 0,
        inputTokens: Int64 = 0,
        outputTokens: Int64 = 0,
        charge: NanoUSD = .zero
    ) {
        self.project = project
        self.model = model
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.charge = charge
    }

    /// The lines of an invoice from roll-ups of the organization's month, broken down by project or key, provider and
    /// model at least.
    ///
    /// Models are named `provider/model`. What reached no provider is left out, since nobody charges for it.
    ///
    /// - Parameter project: the name of the project that a line is about, by its project or its key.
    /// - Throws: ``BillingError/outOfRange(_:)``.
    package static func lines(
        from rollups: [RollupLine],
        project: (RollupLine) -> String
    ) throws(BillingError) -> [UsageCharge] {
        struct Place: Hashable {
            var project: String
            var model: String
        }
        var lines: [Place: UsageCharge] = [:]
        for line in rollups {
            let model = [line.provider, line.model].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "/")
            guard !model.isEmpty else { continue }
            let place = Place(project: project(line), model: model)
            var charge = lines[place] ?? UsageCharge(project: place.project, model: model)
            charge.requests = charge.requests.addingClamped(line.totals.requests)
            charge.inputTokens = charge.inputTokens.addingClamped(line.totals.input)
            charge.outputTokens = charge.outputTokens.addingClamped(line.totals.output)
            charge.charge = try Money.sum([charge.charge, line.totals.charge])
            lines[place] = charge
        }
        return lines.values.sorted { ($0.project, $0.model) < ($1.project, $1.model) }
    }
}

extension Int64 {
    /// The sum, or the limit that it would go beyond; for counts, which are only shown.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : sum
    }
}
