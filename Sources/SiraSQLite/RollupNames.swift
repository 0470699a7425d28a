import GRDB
import SiraStorage

/// The table `rollup_names`: each combination of tenants, key, models and provider once, so that the lines of all the
/// slices that are about it need not repeat it.
///
/// Combinations are never deleted; there are as many as a few days have, not as many as there are days.
struct RollupNames {
    /// In the order of ``values(_:)``.
    private static let columns = ["organization", "team", "project", "key", "requested_model", "provider", "model"]

    /// Those of the batch at hand.
    private var ids: [[String]: Int64] = [:]

    /// The number of the combination that the line is about, which comes into being where it is missing.
    mutating func id(of line: RollupKey, in database: Database) throws -> Int64 {
        let names = Self.values(line)
        if let id = ids[names] { return id }
        let selection = try database.cachedStatement(sql: Self.selection)
        let arguments = StatementArguments(names)
        if let id = try Int64.fetchOne(selection, arguments: arguments) {
            ids[names] = id
            return id
        }
        try database.cachedStatement(sql: Self.insertion).execute(arguments: arguments)
        ids[names] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    private static func values(_ line: RollupKey) -> [String] {
        [
            line.organization, line.team, line.project, line.key, line.requestedModel, line.provider, line.model,
        ]
    }

    private static let selection =
        "SELECT id FROM rollup_names WHERE \(columns.map { "\($0) = ?" }.joined(separator: " AND "))"

    private static let insertion = """
        INSERT INTO rollup_names (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """
}
