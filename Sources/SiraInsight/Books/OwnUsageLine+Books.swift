package import SiraCore
package import SiraStorage

extension OwnUsageLine {
    /// What the books say of a provider on these days and those between, by day and model.
    package static func read(
        _ rollups: any RollupStore,
        of provider: String,
        on days: Set<CalendarDay>
    ) async throws -> [OwnUsageLine] {
        let numbers = days.map(\.daysSinceEpoch)
        guard let first = numbers.min(), let last = numbers.max() else { return [] }
        var query = RollupQuery(.day, by: [.time, .model])
        query.since = CalendarDay(daysSinceEpoch: first).start
        query.until = CalendarDay(daysSinceEpoch: last + 1).start
        query.provider = provider
        query.latencies = []
        return try await rollups.totals(query).compactMap { OwnUsageLine($0) }
    }
}

extension UsageExport {
    /// The form of this name, tables aside; nil for none.
    package init?(_ name: String) {
        switch name {
        case "openai_costs", "openai_usage": self = .openAI
        case "anthropic_usage", "anthropic_cost": self = .anthropic
        default: return nil
        }
    }
}

extension UsageColumns {
    /// The names that ``set(_:_:)`` takes.
    package static let settings = [
        "day", "model", "key", "requests", "input", "cache_read", "cache_write", "output", "cost",
        "input_includes_cached", "cost_is_in_cents", "separator",
    ]

    /// Says which column holds something, or how it is to be read.
    ///
    /// - Returns: whether there is such a setting, and it can be this.
    package mutating func set(_ name: String, _ value: String) -> Bool {
        let column = value.isEmpty ? nil : value
        switch name {
        case "day": day = value
        case "model": model = column
        case "key": key = column
        case "requests": requests = column
        case "input": input = column
        case "cache_read": cacheRead = column
        case "cache_write": cacheWrite = column
        case "output": output = column
        case "cost": cost = column
        case "input_includes_cached", "cost_is_in_cents":
            guard let flag = Bool(value) else { return false }
            if name == "cost_is_in_cents" { costIsInCents = flag } else { inputIncludesCached = flag }
        case "separator":
            guard value.utf8.count == 1, let byte = value.utf8.first else { return false }
            separator = byte
        default: return false
        }
        return true
    }
}
