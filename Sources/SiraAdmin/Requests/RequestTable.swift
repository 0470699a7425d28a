import SiraCore
import SiraStorage

/// Requests as lines of CSV (RFC 4180).
enum RequestTable {
    private static let columns = [
        "type", "asked", "provider", "model", "organization", "team", "project", "key", "key_name", "user", "tags",
        "input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "cost_usd", "charge_usd", "saved_usd",
        "latency_ms", "ttft_ms", "status", "outcome", "why", "attempts", "fallback", "stream",
    ]

    static func head(_ zone: ConsoleZone) -> String {
        (["id", "time_utc", cell("time_\(zone.name)")] + columns).joined(separator: ",") + "\r\n"
    }

    static func line(_ entry: RequestEntry, _ zone: ConsoleZone, keyName: String?) -> String {
        let record = entry.record
        let offset = zone.offset(at: record.startedAt)
        let local = Timestamp(microseconds: record.startedAt.microseconds + offset * 1_000_000).description.dropLast()
        let texts = [
            record.operation, record.requestedModel, record.provider, record.model, record.organization, record.team,
            record.project, record.key, keyName ?? "", record.user, record.tags.joined(separator: " "),
        ]
        let usage = record.usage
        let numbers = [
            "\(usage.input)", "\(usage.output)", "\(usage.cacheRead)", "\(usage.reasoning)",
            entry.cost?.description ?? "", entry.charge?.description ?? "", entry.saved.description,
            "\(milliseconds(record.duration))", record.timeToFirstToken.map { "\(milliseconds($0))" } ?? "",
            "\(record.status)", record.outcome.label,
        ]
        let rest = ["\(entry.attempts)", "\(entry.isFallback)", "\(record.isStream)"]
        let cells =
            [record.request.description, record.startedAt.description, local + Self.zone(offset)]
            + texts.map(cell) + numbers + [cell(record.errorCode)] + rest
        return cells.joined(separator: ",") + "\r\n"
    }

    /// Hours and minutes by which local time is ahead of UTC, as RFC 3339 has them.
    private static func zone(_ offset: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// A text as a cell that no spreadsheet takes for a formula.
    ///
    /// Looked at by scalars: a carriage return and a line feed are one character together, and so are a quotation mark
    /// and an accent behind it.
    static func cell(_ text: String) -> String {
        var scalars = text.unicodeScalars
        if let first = scalars.first, formulaSigns.contains(first) { scalars.insert("'", at: scalars.startIndex) }
        guard scalars.contains(where: { separators.contains($0) }) else { return String(scalars) }
        var cell = "\"".unicodeScalars
        for scalar in scalars {
            if scalar == "\"" { cell.append(scalar) }
            cell.append(scalar)
        }
        cell.append("\"")
        return String(cell)
    }

    /// What formulas begin with, in full width as well.
    private static let formulaSigns: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
    private static let separators: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
}
