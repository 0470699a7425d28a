import Foundation
import GRDB
import SiraCore
import SiraStorage

/// Adding to the table `rollups`.
enum RollupTable {
    /// What lines are told apart by, in the order of the table's key.
    ///
    /// Time comes early so that what is written now lies together, and what is too old does too.
    static let key = ["period", "view", "start", "tag", "names"]

    private static let sums = UsageMeasure.allCases.map(\.rawValue)
    private static let sketches = LatencyKind.allCases.map(\.rawValue)

    /// Adds sums to the lines they belong to, which come into being where they are missing.
    static func add(_ sums: [RollupKey: UsageTotals], to database: Database) throws {
        let statement = try database.cachedStatement(sql: addition)
        var names = RollupNames()
        for (key, totals) in sums {
            let id = try names.id(of: key, in: database)
            var row = RowBinder(statement)
            try row.bind(Int64(key.period.rawValue))
            try row.bind(Int64(key.view.rawValue))
            try row.bind(key.start.microseconds)
            try row.bind(key.tag)
            try row.bind(id)
            for measure in UsageMeasure.allCases { try row.bind(totals[keyPath: measure.total]) }
            for kind in LatencyKind.allCases { try row.bind(totals[keyPath: kind.sketch].data) }
            try row.execute()
        }
    }

    /// SQLite turns a sum that leaves the range of 64 bits into a floating-point number.
    ///
    /// It is kept at the limit instead: one absurd figure must not stop the shipping of all that come after it.
    private static let addition: String = {
        let columns = key + sums + sketches
        let additions = sums.map { sum in
            """
            \(sum) = CASE WHEN typeof(\(sum) + excluded.\(sum)) = 'integer' THEN \(sum) + excluded.\(sum)
            WHEN \(sum) < 0 THEN \(Int64.min + 1) ELSE \(Int64.max) END
            """
        }
        let merges = sketches.map { sketch in
            """
            \(sketch) = CASE WHEN excluded.\(sketch) IS NULL THEN \(sketch)
            ELSE sketch_merge(\(sketch), excluded.\(sketch)) END
            """
        }
        return """
            INSERT INTO rollups (\(columns.joined(separator: ", ")))
            VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
            ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \((additions + merges).joined(separator: ", "))
            """
    }()
}
