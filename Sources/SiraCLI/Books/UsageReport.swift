import SiraCore
import SiraJSON
import SiraStorage

/// Sums as they are shown.
struct UsageReport {
    let query: RollupQuery
    let lines: [RollupLine]
    /// Id of a key → what people call it.
    let names: [String: String]

    private var total: UsageTotals {
        lines.reduce(into: UsageTotals()) { $0 += $1.totals }
    }

    /// A table, with the sum of all lines when there are several.
    func plain(by dimension: UsageCommand.Dimension?) -> String {
        guard !lines.isEmpty else { return "Nothing was used in that time." }
        let title = dimension?.rawValue ?? ""
        var table = TextTable(title, "#requests", "#errors", "#input", "#cached", "#output", "#cost $", "#without cost")
        for line in lines {
            add(line.totals, label(of: line, dimension), isAsked: line.provider?.isEmpty != true, to: &table)
        }
        if lines.count > 1 { add(total, "total", to: &table) }
        return table.text
    }

    /// What is known of the cost: `?` stands for the part that is not, `-` for nothing that could cost.
    private func cost(of totals: UsageTotals, isAsked: Bool) -> String {
        let gaps = totals.unpriced + totals.unknownUsage
        guard gaps > 0 else { return isAsked ? Figures.dollars(totals.cost) : "-" }
        return gaps >= totals.attempts ? "?" : Figures.dollars(totals.cost) + " + ?"
    }

    /// - Parameter isAsked: whether a provider was asked, so that there can be a cost.
    private func add(_ totals: UsageTotals, _ label: String, isAsked: Bool = true, to table: inout TextTable) {
        table.add(
            label,
            Figures.count(totals.requests),
            Figures.count(totals.errors),
            Figures.count(totals.input),
            Figures.count(totals.cacheRead),
            Figures.count(totals.output),
            cost(of: totals, isAsked: isAsked),
            Figures.count(totals.unpriced + totals.unknownUsage)
        )
    }

    /// What is empty never got that far: no key that is known, or no provider.
    private func label(of line: RollupLine, _ dimension: UsageCommand.Dimension?) -> String {
        switch dimension {
        case nil: "all"
        case .key: line.key.flatMap(keyLabel) ?? "(no key)"
        case .provider: line.provider.flatMap { $0.isEmpty ? nil : $0 } ?? "(no provider)"
        case .model: line.provider.flatMap { $0.isEmpty ? nil : "\($0)/\(line.model ?? "")" } ?? "(no provider)"
        case .day: line.start.map { String($0.description.prefix(10)) } ?? ""
        case .hour: line.start?.minute ?? ""
        }
    }

    private func keyLabel(_ id: String) -> String? {
        guard !id.isEmpty else { return nil }
        return names[id].map { "\($0) (\(id))" } ?? id
    }

    /// Writes the lines and their sum.
    func write(to json: inout JSONWriter, by dimension: UsageCommand.Dimension?) {
        json.member("since", optional: query.since?.description)
        json.member("until", optional: query.until?.description)
        json.member("by", optional: dimension?.rawValue)
        json.array("lines") { list in
            for line in lines where dimension != nil {
                list.object {
                    if let start = line.start { $0.member("start", start.description) }
                    if let key = line.key {
                        $0.member("key", key)
                        $0.member("key_name", optional: names[key])
                    }
                    if let provider = line.provider { $0.member("provider", provider) }
                    if let model = line.model { $0.member("model", model) }
                    Self.write(line.totals, to: &$0)
                }
            }
        }
        json.object("total") { Self.write(total, to: &$0) }
    }

    private static func write(_ totals: UsageTotals, to json: inout JSONWriter) {
        json.member("requests", totals.requests)
        json.member("errors", totals.errors)
        json.member("attempts", totals.attempts)
        json.member("input_tokens", totals.input)
        json.member("cache_read_tokens", totals.cacheRead)
        json.member("cache_write_tokens", totals.cacheWrite)
        json.member("output_tokens", totals.output)
        json.member("reasoning_tokens", totals.reasoning)
        json.member("web_searches", totals.webSearches)
        json.member("images", totals.images)
        json.member("audio_in_ms", totals.inputAudioTime)
        json.member("audio_out_ms", totals.outputAudioTime)
        json.member("characters", totals.characters)
        json.member("search_units", totals.searchUnits)
        json.member("cost_usd", totals.cost.description)
        json.member("unpriced", totals.unpriced)
        json.member("unknown_usage", totals.unknownUsage)
        json.member("duration_us", totals.duration)
    }
}
