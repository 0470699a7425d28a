import SiraStorage

/// Records in the form of the roll-ups' lines, each a line of its own: what ``RollupKey`` and ``UsageTotals`` make of
/// a record, in SQL.
enum RawLines {
    /// Records of a stretch of time, as far as the query looks at them.
    ///
    /// Arguments: the stretch's start and end, the tag if there is a choice of one, and the query's names.
    static func select(_ columns: [String], _ query: RollupQuery) -> String {
        let names = query.names.map(\.dimension.column)
        let selected = Set(columns + names).sorted().map { column in
            let expression = column == "start" ? RollupStatement.slice("started_at", query) : expression(column, query)
            return "\(expression) AS \(column)"
        }
        let source = isByTag(query) ? "requests, json_each(requests.tags) AS tagged" : "requests"
        let inner = """
            SELECT \(selected.isEmpty ? "1" : selected.joined(separator: ", ")) FROM \(source)
            WHERE started_at >= ? AND started_at < ? \(condition(query))
            """
        let filter = names.isEmpty ? "" : " WHERE " + names.map { "\($0) = ?" }.joined(separator: " AND ")
        return "SELECT \(columns.isEmpty ? "1" : columns.joined(separator: ", ")) FROM (\(inner))\(filter)"
    }

    /// Whether it is about tags that are in the records' lists.
    private static func isByTag(_ query: RollupQuery) -> Bool {
        switch query.tagChoice {
        case .one(let tag): !tag.hasPrefix(RollupKey.userPrefix)
        case .every: true
        case .none, .users: false
        }
    }

    private static let userTag = "'user:' || CASE WHEN is_user_listed THEN user ELSE 'other' END"

    /// A tag that is several times in a list counts once.
    private static func condition(_ query: RollupQuery) -> String {
        let isFirst = """
            AND NOT EXISTS (
                SELECT 1 FROM json_each(requests.tags) AS each
                WHERE each.value = tagged.value AND each.key < tagged.key
            )
            """
        switch query.tagChoice {
        case .none: return ""
        case .users: return "AND user <> ''"
        case .every: return "AND tagged.value <> '' AND substr(tagged.value, 1, 5) <> 'user:' \(isFirst)"
        case .one where isByTag(query): return "AND tagged.value = ? \(isFirst)"
        case .one(RollupKey.userPrefix + RollupKey.other): return "AND user <> '' AND \(userTag) = ?"
        // By the name itself, which the index of end users has.
        case .one: return "AND user <> '' AND user = substr(?, \(RollupKey.userPrefix.count + 1)) AND is_user_listed"
        }
    }

    private static func expression(_ column: String, _ query: RollupQuery) -> String {
        if let measure = UsageMeasure(rawValue: column) { return self.measure(measure) }
        if let kind = LatencyKind(rawValue: column) { return latency(kind) }
        switch column {
        case "tag": return isByTag(query) ? "tagged.value" : userTag
        case "requested_model":
            return "CASE WHEN provider = '' THEN '' WHEN \(isMadeUp) THEN 'other' ELSE requested_model END"
        case "model": return "CASE WHEN provider <> '' AND \(isMadeUp) THEN 'other' ELSE model END"
        case "key": return "requests.key"
        default: return column
        }
    }

    private static let isRequest = "is_final AND NOT is_correction"

    /// See ``RollupKey/other``.
    private static let isMadeUp: String = {
        let counts = [
            "input", "cache_read", "cache_write", "cache_write_long", "input_audio", "output", "reasoning",
            "output_audio", "web_searches", "input_image", "tool_prompt", "output_image", "images", "input_audio_time",
            "output_audio_time", "characters", "search_units",
        ]
        let isUnused = counts.map { "\($0) = 0" }.joined(separator: " AND ")
        return "(NOT is_model_listed AND outcome <> 0 AND cache_read_audio IS NULL AND \(isUnused))"
    }()

    private static func measure(_ measure: UsageMeasure) -> String {
        switch measure {
        case .requests: "(\(isRequest))"
        case .errors: "(\(isRequest) AND outcome <> 0)"
        case .failed: "(\(isRequest) AND outcome IN (4, 6))"
        case .cancelled: "(\(isRequest) AND outcome = 5)"
        case .clientErrors: "(\(isRequest) AND outcome = 1)"
        case .limited: "(\(isRequest) AND outcome = 2)"
        case .blocked: "(\(isRequest) AND outcome = 3)"
        case .cached: "(\(isRequest) AND outcome = 0 AND attempt > 0 AND cache_read > 0)"
        case .retried: "(\(isRequest) AND outcome = 0 AND attempt > 1 AND status <> \(UsageRecord.sessionStatus))"
        case .attempts: "(NOT is_correction)"
        case .failureCost: "(CASE WHEN NOT is_correction AND outcome <> 0 THEN coalesce(cost, 0) ELSE 0 END)"
        case .cacheWrite: "(cache_write + cache_write_long)"
        case .cost: "coalesce(cost, 0)"
        case .charge: "coalesce(charge, 0)"
        case .unknownUsage: "(\(isGap) AND usage_basis IN (0, 3))"
        case .unpriced: "(\(isGap) AND usage_basis NOT IN (0, 3))"
        case .duration, .queueTime, .upstreamTime: "(CASE WHEN \(isRequest) THEN \(measure.rawValue) ELSE 0 END)"
        default: measure.rawValue
        }
    }

    /// See ``UsageRecord/costGap``; 0 and 3 are the bases `none` and `partial`.
    private static let isGap = "cost IS NULL AND attempt > 0 AND NOT is_correction"

    private static func latency(_ kind: LatencyKind) -> String {
        switch kind {
        case .duration: "(CASE WHEN \(isRequest) AND outcome = 0 THEN sketch_of(duration) END)"
        case .timeToFirstToken:
            "(CASE WHEN \(isRequest) AND outcome = 0 AND is_stream THEN sketch_of(time_to_first_token) END)"
        }
    }
}
