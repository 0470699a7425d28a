import GRDB
import SiraCore
import SiraStorage

/// Adding to the table `rollups`.
enum RollupTable {
    private static let dimensions = ["period", "start", "tag", "key", "requested_model", "provider", "model"]

    /// The columns that are sums, in the order of ``values(_:)``.
    static let sums = [
        "requests", "errors", "attempts", "input", "cache_read", "cache_write", "output", "reasoning", "web_searches",
        "images", "input_audio_time", "output_audio_time", "characters", "search_units", "cost", "unknown_usage",
        "unpriced", "duration",
    ]

    /// Adds sums to the lines they belong to, which come into being where they are missing.
    static func add(_ sums: [RollupKey: UsageTotals], to database: Database) throws {
        let statement = try database.cachedStatement(sql: addition)
        for (key, totals) in sums {
            var row = RowBinder(statement)
            try key.bind(to: &row)
            for sum in values(totals) { try row.bind(sum) }
            try row.execute()
        }
    }

    /// SQLite turns a sum that leaves the range of 64 bits into a floating-point number.
    ///
    /// It is kept at the limit instead: one absurd figure must not stop the shipping of all that come after it.
    private static let addition: String = {
        let columns = (dimensions + sums).joined(separator: ", ")
        let places = (dimensions + sums).map { _ in "?" }.joined(separator: ", ")
        let additions = sums.map { sum in
            """
            \(sum) = CASE WHEN typeof(\(sum) + excluded.\(sum)) = 'integer' THEN \(sum) + excluded.\(sum)
            WHEN \(sum) < 0 THEN \(Int64.min + 1) ELSE \(Int64.max) END
            """
        }
        return """
            INSERT INTO rollups (\(columns)) VALUES (\(places))
            ON CONFLICT (period, tag, start, key, requested_model, provider, model)
            DO UPDATE SET \(additions.joined(separator: ", "))
            """
    }()

    private static func values(_ totals: UsageTotals) -> [Int64] {
        [
            totals.requests, totals.errors, totals.attempts, totals.input, totals.cacheRead, totals.cacheWrite,
            totals.output, totals.reasoning, totals.webSearches, totals.images, totals.inputAudioTime,
            totals.outputAudioTime, totals.characters, totals.searchUnits, totals.cost.nanos, totals.unknownUsage,
            totals.unpriced, totals.duration,
        ]
    }
}

extension RollupKey {
    /// Binds the values of the columns that tell lines apart.
    fileprivate func bind(to row: inout RowBinder) throws {
        try row.bind(Int64(period.rawValue))
        try row.bind(start.microseconds)
        try row.bind(tag)
        try row.bind(key)
        try row.bind(requestedModel)
        try row.bind(provider)
        try row.bind(model)
    }
}

extension UsageTotals {
    /// Reads a row that has all the columns of ``RollupTable/sums``.
    init(row: Row) {
        self.init()
        requests = row["requests"]
        errors = row["errors"]
        attempts = row["attempts"]
        input = row["input"]
        cacheRead = row["cache_read"]
        cacheWrite = row["cache_write"]
        output = row["output"]
        reasoning = row["reasoning"]
        webSearches = row["web_searches"]
        images = row["images"]
        inputAudioTime = row["input_audio_time"]
        outputAudioTime = row["output_audio_time"]
        characters = row["characters"]
        searchUnits = row["search_units"]
        cost = NanoUSD(nanos: row["cost"])
        unknownUsage = row["unknown_usage"]
        unpriced = row["unpriced"]
        duration = row["duration"]
    }
}
