import SiraCore
import SiraJSON
import SiraStorage

/// Sums as they are shown.
struct UsageReport {
    let query: RollupQuery
    let lines: [RollupLine]
    /// Id of a key → what people call it.
    let names: [String: String]
    let by: UsageBreakdown?

    private var total: UsageTotals {
        lines.reduce(into: UsageTotals()) { $0 += $1.totals }
    }

    /// By tag and user, records count in several lines or in none: the sum of the lines tells nothing.
    private var hasTotal: Bool { !query.groups.contains(.tag) }

    /// A table, with the sum of all lines when there are several.
    ///
    /// - Parameter isWide: whether it has charges, savings and percentiles.
    func plain(isWide: Bool) -> String {
        guard !lines.isEmpty else { return "Nothing was used in that time." }
        let words = by?.words ?? []
        var titles = words.isEmpty ? [""] : words.map(\.rawValue)
        titles += ["#requests", "#errors", "#input", "#cached", "#output", "#cost $", "#without cost"]
        if isWide {
            titles += ["#charge $", "#saved $", "#p50", "#p95", "#p99", "#first p50", "#first p95"]
        }
        var table = TextTable(titles: titles)
        for line in lines {
            let labels = words.isEmpty ? ["all"] : words.map { label(of: line, $0) }
            table.add(cells: labels + cells(line.totals, isAsked: line.provider?.isEmpty != true, isWide: isWide))
        }
        if lines.count > 1, hasTotal {
            let labels = ["total"] + words.dropFirst().map { _ in "" }
            table.add(cells: labels + cells(total, isAsked: true, isWide: isWide))
        }
        return table.text
    }

    /// What is known of the cost: `?` stands for the part that is not, `-` for nothing that could cost.
    private func cost(of totals: UsageTotals, isAsked: Bool) -> String {
        let gaps = totals.unpriced + totals.unknownUsage
        guard gaps > 0 else { return isAsked ? Figures.dollars(totals.cost) : "-" }
        return gaps >= totals.attempts ? "?" : Figures.dollars(totals.cost) + " + ?"
    }

    /// - Parameter isAsked: whether a provider was asked, so that there can be a cost.
    private func cells(_ totals: UsageTotals, isAsked: Bool, isWide: Bool) -> [String] {
        var cells = [
            Figures.count(totals.requests),
            Figures.count(totals.errors),
            Figures.count(totals.input),
            Figures.count(totals.cacheRead),
            Figures.count(totals.output),
            cost(of: totals, isAsked: isAsked),
            Figures.count(totals.unpriced + totals.unknownUsage),
        ]
        guard isWide else { return cells }
        cells += [Figures.dollars(totals.charge), Figures.dollars(totals.cacheSavings + totals.routingSavings)]
        func time(_ sketch: LatencySketch, _ share: Double) -> String {
            sketch.quantile(share).map { Figures.duration(microseconds: $0) } ?? "-"
        }
        cells += [0.5, 0.95, 0.99].map { time(totals.durations, $0) }
        return cells + [0.5, 0.95].map { time(totals.timesToFirstToken, $0) }
    }

    /// What is empty never got that far: no key that is known, or no provider.
    private func label(of line: RollupLine, _ word: UsageBreakdown.Word) -> String {
        func name(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? "(none)" }
        switch word {
        case .organization: return name(line.organization)
        case .team: return name(line.team)
        case .project: return name(line.project)
        case .key: return line.key.flatMap(keyLabel) ?? "(no key)"
        case .tag: return name(line.tag)
        case .user: return name(line.tag.map { String($0.dropFirst(RollupKey.userPrefix.count)) })
        case .requestedModel: return name(line.requestedModel)
        case .provider: return line.provider.flatMap { $0.isEmpty ? nil : $0 } ?? "(no provider)"
        case .model: return line.provider.flatMap { $0.isEmpty ? nil : "\($0)/\(line.model ?? "")" } ?? "(no provider)"
        case .day: return line.start.map { String($0.description.prefix(10)) } ?? ""
        case .hour, .minute: return line.start?.minute ?? ""
        }
    }

    private func keyLabel(_ id: String) -> String? {
        guard !id.isEmpty else { return nil }
        return names[id].map { "\($0) (\(id))" } ?? id
    }

    /// Writes the lines and their sum.
    func write(to json: inout JSONWriter) {
        json.member("since", optional: query.since?.description)
        json.member("until", optional: query.until?.description)
        json.member("by", optional: by?.text)
        json.array("lines") { list in
            for line in lines where by != nil {
                list.object { json in
                    if let key = line.key { json.member("key_name", optional: names[key]) }
                    line.write(to: &json, isByUser: query.isByUser)
                }
            }
        }
        if hasTotal { json.object("total") { total.write(to: &$0) } } else { json.null("total") }
    }
}
