import GRDB
import SiraCore
import SiraStorage

/// Sums in the table `rollups`.
struct SQLiteRollupStore: RollupStore {
    let database: SQLiteDatabase

    func totals(_ query: RollupQuery) async throws -> [RollupLine] {
        var conditions = Conditions()
        conditions.add("period = ?", Int64(query.period.rawValue))
        conditions.add("tag = ?", query.tag ?? "")
        conditions.add("start >= ?", query.since?.microseconds)
        conditions.add("start < ?", query.until?.microseconds)
        conditions.add("key = ?", query.key)
        conditions.add("requested_model = ?", query.requestedModel)
        conditions.add("provider = ?", query.provider)
        conditions.add("model = ?", query.model)
        let groups = RollupDimension.allCases.filter(query.groups.contains)
        let names = groups.map(\.column).joined(separator: ", ")
        let sums = RollupTable.sums.map(WideSum.column).joined(separator: ", ")
        let sql = """
            SELECT \(names.isEmpty ? "" : names + ", ")\(sums) FROM rollups \(conditions.clause)
            \(names.isEmpty ? "HAVING count(*) > 0" : "GROUP BY \(names) ORDER BY \(names)")
            """
        let arguments = StatementArguments(conditions.values)
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map { RollupLine(row: $0, groups: groups) }
        }
    }
}

extension RollupDimension {
    fileprivate var column: String {
        switch self {
        case .time: "start"
        case .key: "key"
        case .requestedModel: "requested_model"
        case .provider: "provider"
        case .model: "model"
        }
    }
}

extension RollupLine {
    fileprivate init(row: Row, groups: [RollupDimension]) {
        self.init(totals: UsageTotals(row: row))
        for group in groups {
            switch group {
            case .time: start = Timestamp(microseconds: row["start"])
            case .key: key = row["key"]
            case .requestedModel: requestedModel = row["requested_model"]
            case .provider: provider = row["provider"]
            case .model: model = row["model"]
            }
        }
    }
}
