import Foundation
import SiraCore
import SiraInsight

/// The series in `Tests/Fixtures/insight`; its README says where they come from.
enum PublicSeries {
    struct Row {
        let name: String
        let series: DailySeries
    }

    /// A value for each day.
    static func daily() throws -> [Row] { try rows("daily.csv") }

    /// A value for each hour from midnight of the first day on.
    static func hourly() throws -> [Row] { try rows("hourly.csv") }

    private static func rows(_ name: String) throws -> [Row] {
        let url = packageRoot.appendingPathComponent("Tests/Fixtures/insight/\(name)")
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: ",")
            guard cells.count > 2, let first = CalendarDay(cells[1]) else { return nil }
            return Row(
                name: String(cells[0]),
                series: DailySeries(first: first, values: cells[2...].compactMap { Double($0) })
            )
        }
    }

    static var packageRoot: URL {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root
    }
}
