package import SiraCore
package import SiraJSON

/// The result of comparing a provider's export with the gateway's books.
package struct ReconciliationReport: Hashable, Sendable {
    package let provider: String
    /// The days that the export is about.
    package let days: [CalendarDay]
    /// By day, model and key.
    package let groups: [ReconciliationGroup]
    /// What the reader should know.
    package let notes: [String]

    /// Everything together, as far as it is split by model or, where it is not, by day.
    package var totals: (ours: ReconciledFigures, theirs: ReconciledFigures) {
        var (ours, theirs) = (ReconciledFigures(), ReconciledFigures())
        let splitDays = Set(groups.filter { $0.model != nil }.map(\.day))
        for group in groups {
            // Our side of a whole day is the sum of the others of that day.
            if group.model != nil || !splitDays.contains(group.day) { ours.add(group.ours) }
            theirs.add(group.theirs)
        }
        return (ours, theirs)
    }

    /// The groups that differ, by how much they do in money or, where that is not told, in requests.
    package var differences: [ReconciliationGroup] {
        groups.filter { $0.verdict != .same }.sorted { left, right in
            let (first, second) = (left.costDrift?.nanos.magnitude ?? 0, right.costDrift?.nanos.magnitude ?? 0)
            if first != second { return first > second }
            return (left.requestDrift?.magnitude ?? 0) > (right.requestDrift?.magnitude ?? 0)
        }
    }

    /// Writes all of it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("object", "reconciliation")
        json.member("provider", provider)
        json.array("days") { list in
            for day in days { list.element(day.description) }
        }
        let totals = totals
        json.object("totals") {
            $0.object("ours") { totals.ours.write(to: &$0) }
            $0.object("theirs") { totals.theirs.write(to: &$0) }
        }
        json.array("groups") { list in
            for group in groups { list.object { group.write(to: &$0) } }
        }
        json.array("notes") { list in
            for note in notes { list.element(note) }
        }
    }
}

extension ReconciliationGroup {
    /// Writes all of it as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("day", day.description)
        if let model { json.member("model", model) } else { json.null("model") }
        if let key { json.member("key", key) } else { json.null("key") }
        json.member("verdict", verdict.rawValue)
        json.object("ours") { ours.write(to: &$0) }
        json.object("theirs") { theirs.write(to: &$0) }
        json.object("drift") { drift in
            if let requestDrift { drift.member("requests", requestDrift) } else { drift.null("requests") }
            if let tokenDrift { drift.member("tokens", tokenDrift) } else { drift.null("tokens") }
            if let costDrift { drift.member("cost_usd", costDrift.description) } else { drift.null("cost_usd") }
            if let costDriftShare { drift.member("cost_share", costDriftShare) } else { drift.null("cost_share") }
        }
        json.array("causes") { list in
            for cause in causes { list.object { cause.write(to: &$0) } }
        }
    }
}

extension ReconciledFigures {
    func write(to json: inout JSONWriter) {
        if let requests { json.member("requests", requests) } else { json.null("requests") }
        if let input { json.member("input_tokens", input) } else { json.null("input_tokens") }
        if let cacheRead { json.member("cached_tokens", cacheRead) } else { json.null("cached_tokens") }
        if let cacheWrite { json.member("cache_write_tokens", cacheWrite) } else { json.null("cache_write_tokens") }
        if let output { json.member("output_tokens", output) } else { json.null("output_tokens") }
        if let cost { json.member("cost_usd", cost.description) } else { json.null("cost_usd") }
        if errors > 0 { json.member("errors", errors) }
        if unknownUsage > 0 { json.member("unknown_usage", unknownUsage) }
        if unpriced > 0 { json.member("unpriced", unpriced) }
        guard !tiers.isEmpty else { return }
        json.array("tiers") { list in
            for tier in tiers.sorted() { list.element(tier) }
        }
    }
}

extension DriftCause {
    func write(to json: inout JSONWriter) {
        json.member("kind", kind.rawValue)
        if let requests { json.member("requests", requests) }
        if let tokens { json.member("tokens", tokens) }
        if let amount { json.member("amount_usd", amount.description) }
        json.member("text", text)
    }
}
