import GRDB
import SiraCore
import SiraStorage

extension SQLiteRequestStore {
    func judgements(_ search: RequestSearch) async throws -> RequestJudgements {
        var conditions = Conditions(search)
        conditions.add("started_at >= ?", search.filter.since?.microseconds)
        conditions.add("started_at < ?", search.filter.until?.microseconds)
        // Who names a model, with its provider or without, leaves nothing to choose.
        conditions.add("requested_model NOT IN (model, provider || '/' || model)", [])
        // Ids begin with the time, so feedback on what arrived in some time lies together.
        let (since, until) = (Self.id(at: search.filter.since), Self.id(at: search.filter.until, isEnd: true))
        let sql = """
            SELECT count(*) AS judged, coalesce(sum(mean >= ?), 0) AS right FROM (
                SELECT request AS id, avg(score) AS mean FROM feedback WHERE request >= ? AND request < ?
                GROUP BY request ORDER BY request DESC LIMIT ?
            ) JOIN requests ON request = id \(conditions.clause)
            """
        let arguments = StatementArguments(
            [RequestJudgements.rightFrom, since.blob, until.blob, RequestJudgements.most] + conditions.values
        )
        return try await database.pool.read { database in
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
