import GRDB
import SiraCore
import SiraStorage

extension SQLiteRequestStore {
    func judgements(_ search: RequestSearch) async throws -> RequestJudgements {
        var conditions = Conditions(search)
        conditions.add("started_at >= ?", search.filter.since?.microseconds)
        conditions.add("started_at < ?", search.filter.until?.microseconds)
        // Who names a model, with its provider or without, leaves nothing to choose. Whether a name of the operator's
        // left a choice is not in the line.
        conditions.add("requested_model NOT IN (model, provider || '/' || model)", [])
        // Ids begin with the time, so feedback on what arrived in some time lies together.
        let (since, until) = (Self.id(at: search.filter.since), Self.id(at: search.filter.until, isEnd: true))
        // The order is that of the table's key, so the newest are read and no more.
        let sql = """
            SELECT count(*) AS judged, coalesce(sum(mean >= ?), 0) AS right FROM (
                SELECT avg(score) AS mean
                FROM (SELECT request AS judged, score FROM feedback) CROSS JOIN requests AS line ON line.request = judged
                \(conditions.clause) AND judged < ? AND judged >= coalesce((
                    SELECT request FROM feedback WHERE request >= ? AND request < ?
                    ORDER BY request DESC LIMIT 1 OFFSET ?
                ), ?)
                GROUP BY judged ORDER BY judged DESC LIMIT ?
            )
            """
        var arguments = StatementArguments([RequestJudgements.rightFrom] + conditions.values)
        arguments += [
            until.blob, since.blob, until.blob, RequestJudgements.lookedAt, since.blob, RequestJudgements.most,
        ]
        return try await database.pool.read { [arguments] database in
            var judgements = RequestJudgements()
            if let row = try Row.fetchOne(database, sql: sql, arguments: arguments) {
                (judgements.judged, judgements.right) = (row["judged"], row["right"])
            }
            return judgements
        }
    }

    /// The least id of a time, or one beyond all of its millisecond; without a time, of the beginning or the end of all.
    private static func id(at time: Timestamp?, isEnd: Bool = false) -> RequestID {
        guard let time else { return RequestID(high: isEnd ? .max : 0, low: isEnd ? .max : 0) }
        let milliseconds = UInt64(max(0, time.microseconds) / 1_000) + (isEnd ? 1 : 0)
        return RequestID(high: milliseconds << 16, low: 0)
    }
}
