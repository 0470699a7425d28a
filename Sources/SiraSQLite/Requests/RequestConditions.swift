import GRDB
import SiraCore
import SiraStorage

extension Conditions {
    /// What makes a line one that a search is about, apart from its time.
    init(_ search: RequestSearch) {
        self.init()
        add("is_final AND NOT is_correction", [])
        let filter = search.filter
        add("organization = ?", filter.organization)
        add("team = ?", filter.team)
        add("project = ?", filter.project)
        add("key = ?", filter.key)
        add("user = ?", filter.user)
        add("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", filter.tag)
        add("requested_model = ?", filter.requestedModel)
        add("provider = ?", filter.provider)
        add("model = ?", filter.model)
        add("outcome = ?", filter.outcome.map { Int64($0.rawValue) })
        for term in search.terms {
            let (sql, values) = Self.condition(term.test, slow: search.slow)
            // What is not known is not so, neither is its opposite: `ttft:>1s` and `-ttft:>1s` leave out what has none.
            add(term.isNegated ? "NOT (\(sql))" : "(\(sql))", values)
        }
    }

    private static func condition(
        _ test: RequestTerm.Test,
        slow: Int64
    ) -> (String, [any DatabaseValueConvertible]) {
        switch test {
        case .text(let field, let choices): return text(field, choices)
        case .number(let field, let least, let most): return number(field, least, most)
        case .outcome(let outcomes):
            return ("outcome IN (\(marks(outcomes.count)))", outcomes.map { Int64($0.rawValue) })
        case .flag(let flag): return (self.flag(flag, slow: slow), [])
        case .request(let id): return ("request = ?", [id.blob])
        case .anywhere(let text, let keys):
            let pattern = "*" + glob(text.asciiLowercased) + "*"
            let columns = ["model", "requested_model", "key", "user"]
            let sql = columns.map { "lower(\($0)) GLOB ?" }.joined(separator: " OR ")
            let values: [any DatabaseValueConvertible] = columns.map { _ in pattern }
            guard !keys.isEmpty else { return (sql, values) }
            return ("\(sql) OR key IN (\(marks(keys.count)))", values + keys as [any DatabaseValueConvertible])
        }
    }

    private static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

    // MARK: texts

    private static func text(
        _ field: RequestTerm.TextField,
        _ choices: [String]
    ) -> (String, [any DatabaseValueConvertible]) {
        let columns: [String] =
            switch field {
            case .model: ["model", "requested_model"]
            case .asked: ["requested_model"]
            case .deployment: ["provider || '/' || model"]
            case .type: ["operation"]
            case .why: ["error_code"]
            case .tag: ["value"]
            case .provider, .organization, .team, .project, .key, .user: [field.rawValue]
            }
        var values: [any DatabaseValueConvertible] = []
        let tests = columns.flatMap { column in
            choices.map { choice in
                let isPattern = choice.contains("*")
                values.append(isPattern ? glob(choice, keepsStars: true) : choice)
                return "\(column) \(isPattern ? "GLOB" : "=") ?"
            }
        }
        let sql = tests.joined(separator: " OR ")
        return (field == .tag ? "EXISTS (SELECT 1 FROM json_each(tags) WHERE \(sql))" : sql, values)
    }

    /// A text as `GLOB` reads it, its own signs taken for themselves.
    private static func glob(_ text: String, keepsStars: Bool = false) -> String {
        text.reduce(into: "") { pattern, character in
            let isSign = character == "[" || character == "?" || (character == "*" && !keepsStars)
            pattern += isSign ? "[\(character)]" : String(character)
        }
    }

    // MARK: numbers

    private static func number(
        _ field: RequestTerm.NumberField,
        _ least: Int64?,
        _ most: Int64?
    ) -> (String, [any DatabaseValueConvertible]) {
        let expression = expression(field)
        var (tests, values): ([String], [any DatabaseValueConvertible]) = ([], [])
        if let least {
            tests.append("\(expression) >= ?")
            values.append(least)
        }
        if let most {
            tests.append("\(expression) <= ?")
            values.append(most)
        }
        return (tests.isEmpty ? "1" : tests.joined(separator: " AND "), values)
    }

    private static func expression(_ field: RequestTerm.NumberField) -> String {
        switch field {
        case .latency: "duration"
        case .ttft: "time_to_first_token"
        case .queue: "queue_time"
        case .overhead: "max(0, duration - upstream_time - queue_time)"
        case .cost: "cost"
        case .saved: "(cache_savings + routing_savings)"
        case .tokens: "(input + output)"
        case .input: "input"
        case .output: "output"
        case .cached: "cache_read"
        case .reasoning: "reasoning"
        case .status: "status"
        case .attempts: "attempt"
        }
    }

    private static func flag(_ flag: RequestTerm.Flag, slow: Int64) -> String {
        switch flag {
        case .error: "outcome <> 0"
        case .slow: "duration > \(slow)"
        case .cached: "cache_read > 0"
        case .stream: "is_stream"
        case .unpriced: "cost IS NULL AND attempt > 0"
        case .retry: "attempt > 1 AND status <> \(UsageRecord.sessionStatus)"
        case .fallback:
            """
            attempt > 1 AND EXISTS (
                SELECT 1 FROM requests AS earlier
                WHERE earlier.request = line.request AND earlier.attempt BETWEEN 1 AND line.attempt - 1
                AND NOT earlier.is_correction
                AND (earlier.provider <> line.provider OR earlier.model <> line.model)
            )
            """
        }
    }
}

extension RequestSearch.Order {
    /// What lines are put in order by.
    var expression: String {
        switch self {
        case .time: "started_at"
        case .latency: "duration"
        case .ttft: "time_to_first_token"
        case .cost: "cost"
        case .tokens: "(input + output)"
        }
    }
}
