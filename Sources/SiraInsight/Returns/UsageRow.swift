package import SiraCore
package import SiraStorage

/// A model as one provider offers it.
package struct ModelReference: Hashable, Sendable, CustomStringConvertible {
    package var provider: String
    package var model: String

    package init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }

    package var description: String { "\(provider)/\(model)" }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
        self.init(provider: String(halves[0]), model: String(halves[1]))
    }
}

/// What requests to one model used and cost: one request, or the sum over many.
package struct UsageRow: Hashable, Sendable {
    package var model: ModelReference
    /// When it was used, for the prices in force; of a sum, a time in the middle.
    package var time: Timestamp
    /// How many requests the usage is the sum of.
    package var requests: Int64
    package var usage: Usage
    /// What was booked; nil where that is not known.
    package var cost: NanoUSD?
    /// How many of the requests have no known cost and are not in ``cost``.
    package var unpriced: Int64 = 0

    package init(model: ModelReference, time: Timestamp, requests: Int64, usage: Usage, cost: NanoUSD?) {
        self.model = model
        self.time = time
        self.requests = requests
        self.usage = usage
        self.cost = cost
    }

    /// One line of the ledger; nil for a correction, whose usage is a difference and has no price.
    ///
    /// Where there are corrections, roll-ups tell the truth, in which they are counted.
    package init?(_ record: UsageRecord) {
        guard !record.isCorrection else { return nil }
        self.init(
            model: ModelReference(provider: record.provider, model: record.model),
            time: record.startedAt,
            requests: 1,
            usage: record.usage,
            cost: record.cost
        )
        unpriced = record.cost == nil ? 1 : 0
    }

    /// A sum over the ledger's lines of one model.
    ///
    /// Roll-ups do not tell cache writes of an hour from those of five minutes, nor audio and pictures from text: the
    /// former are counted as the latter.
    package init(_ totals: UsageTotals, of model: ModelReference, time: Timestamp) {
        var usage = Usage(input: Int(clamping: totals.input), output: Int(clamping: totals.output))
        usage.cacheRead = Int(clamping: totals.cacheRead)
        usage.cacheWrite = Int(clamping: totals.cacheWrite)
        usage.reasoning = Int(clamping: totals.reasoning)
        usage.webSearches = Int(clamping: totals.webSearches)
        usage.images = Int(clamping: totals.images)
        usage.inputAudioTime = Int(clamping: totals.inputAudioTime)
        usage.outputAudioTime = Int(clamping: totals.outputAudioTime)
        usage.characters = Int(clamping: totals.characters)
        usage.searchUnits = Int(clamping: totals.searchUnits)
        let unknown = totals.unpriced.addingClamped(totals.unknownUsage)
        self.init(
            model: model,
            time: time,
            requests: max(1, totals.attempts),
            usage: usage,
            cost: unknown >= totals.attempts && totals.attempts > 0 ? nil : totals.cost
        )
        unpriced = unknown
    }

    /// A part of a sum, whose requests are taken to be like the others.
    ///
    /// - Parameter part: from 0 to 1.
    func share(_ part: Double) -> UsageRow {
        func share(_ count: Int) -> Int { Int((Double(count) * part).rounded()) }
        var row = self
        row.requests = Int64((Double(requests) * part).rounded())
        row.unpriced = Int64((Double(unpriced) * part).rounded())
        row.cost = cost?.scaled(by: part)
        for count in [
            \Usage.input, \.output, \.cacheRead, \.cacheWrite, \.reasoning, \.webSearches, \.images, \.inputAudioTime,
            \.outputAudioTime, \.characters, \.searchUnits,
        ] {
            row.usage[keyPath: count] = share(usage[keyPath: count])
        }
        return row
    }
}
