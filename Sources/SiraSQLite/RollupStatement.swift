import GRDB
import SiraCore
import SiraStorage

/// The SQL of a query for sums.
///
/// Reads the lines of one slice of time after the other, each by a prefix of the table's key, and where the plan says
/// so the records themselves in the form of such lines.
struct RollupStatement {
    private(set) var sql = ""
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []
    /// What the rows begin with.
    let groups: [RollupDimension]
    private let query: RollupQuery

    init(_ query: RollupQuery, _ plan: RollupPlan) {
        self.query = query
        groups = RollupDimension.allCases.filter(query.groups.contains)
        let slices = plan.segments.filter { $0.period != nil }
        let records = plan.segments.filter { $0.period == nil }
        var sources: [String] = []
        if !slices.isEmpty {
            addSlices(slices)
            sources.append(rollups)
            addNames()
        }
        for segment in records {
            sources.append(RawLines.select(columns, query))
            arguments += [segment.range.lowerBound.microseconds, segment.range.upperBound.microseconds]
            addNames()
        }
        let names = groups.map(\.column)
        let list = names.joined(separator: ", ")
        sql += """
            SELECT \((names + sums).joined(separator: ", "))
            FROM (\(sources.joined(separator: " UNION ALL "))) AS source
            \(names.isEmpty ? "HAVING count(*) > 0" : "GROUP BY \(list)") \(order(list)) LIMIT ? OFFSET ?
            """
        arguments += [query.limit.map { max(0, $0) } ?? -1, max(0, query.offset)]
    }

    /// The starts of the slices that there are, found one after the other by the table's key.
    private mutating func addSlices(_ segments: [RollupPlan.Segment]) {
        func next(_ comparison: String, _ from: String) -> String {
            """
            SELECT slice_period, slice_view, (
                SELECT min(start) FROM rollups
                WHERE period = slice_period AND view = slice_view AND start \(comparison)
            ), slice_end FROM \(from)
            """
        }
        sql = """
            WITH RECURSIVE
            segments (slice_period, slice_view, slice_start, slice_end) AS (
                VALUES \(segments.map { _ in "(?, ?, ?, ?)" }.joined(separator: ", "))
            ),
            slices (slice_period, slice_view, slice_start, slice_end) AS (
                \(next(">= slice_start", "segments"))
                UNION ALL \(next("> slice_start", "slices")) WHERE slice_start < slice_end
            )

            """
        for segment in segments {
            guard let period = segment.period else { continue }
            arguments += [Int64(period.rawValue), Int64(query.view(in: period).rawValue)]
            arguments += [segment.range.lowerBound.microseconds, segment.range.upperBound.microseconds]
        }
    }

    /// What every source has: the names that are grouped by, and what is summed up.
    private var columns: [String] {
        groups.map(\.column) + UsageMeasure.allCases.filter(query.measures.contains).map(\.rawValue)
            + LatencyKind.allCases.filter(query.latencies.contains).map(\.rawValue)
    }

    /// The lines of all slices, with their names where these are grouped by.
    private var rollups: String {
        let names = groups.filter { $0 != .time && $0 != .tag }
        guard !names.isEmpty else { return lines(columns) }
        let others = columns.filter { column in !names.contains { $0.column == column } }
        guard !query.groups.contains(.time) else {
            return "SELECT \(joined(columns)) FROM (\(lines(others + ["names"]))) \(Self.naming)"
        }
        // Lines of the same names are many: they are summed up by number before a name is looked up and compared.
        let keys = (query.groups.contains(.tag) ? ["tag"] : []) + ["names"]
        return """
            SELECT \(joined(columns)) FROM (
                SELECT \(joined(keys + sums)) FROM (\(lines(others + ["names"]))) GROUP BY \(joined(keys))
            ) \(Self.naming)
            """
    }

    private static let naming = "CROSS JOIN rollup_names ON id = names"

    private func joined(_ list: [String]) -> String { list.isEmpty ? "1" : list.joined(separator: ", ") }

    /// Names that are given are looked up first, so that of each slice no more than their lines are read.
    private func lines(_ columns: [String]) -> String {
        let selected = columns.map { $0 == "start" ? "\(Self.slice("start", query)) AS start" : $0 }
        let tag =
            switch query.tagChoice {
            case .none: "tag = ''"
            case .one: "tag = ?"
            case .every: "tag > '' AND (tag < 'user:' OR tag >= 'user;')"
            case .users: "tag >= 'user:' AND tag < 'user;'"
            }
        let given = query.names.map { "\($0.dimension.column) = ?" }.joined(separator: " AND ")
        return """
            SELECT \(joined(selected)) FROM slices CROSS JOIN rollups
            WHERE slice_start < slice_end AND period = slice_period AND view = slice_view AND start = slice_start
            AND \(tag) \(given.isEmpty ? "" : "AND names IN (SELECT id FROM rollup_names WHERE \(given))")
            """
    }

    /// The slice that a time lies in, as the query breaks time down.
    static func slice(_ time: String, _ query: RollupQuery) -> String {
        let length = query.period.microseconds
        return "(\(time) - ((\(time) % \(length)) + \(length)) % \(length))"
    }

    private mutating func addNames() {
        if case .one(let tag) = query.tagChoice { arguments.append(tag) }
        arguments += query.names.map(\.name)
    }

    private var sums: [String] {
        UsageMeasure.allCases.filter(query.measures.contains).map { WideSum.column($0.rawValue) }
            + LatencyKind.allCases.filter(query.latencies.contains).map {
                "sketch_sum(\($0.rawValue)) AS \($0.rawValue)"
            }
            + (query.measures.isEmpty && query.latencies.isEmpty && groups.isEmpty ? ["1"] : [])
    }

    private func order(_ names: String) -> String {
        switch query.order {
        case .descending(let measure) where query.measures.contains(measure):
            "ORDER BY \(measure.rawValue) DESC\(names.isEmpty ? "" : ", " + names)"
        case .descending, .dimensions: names.isEmpty ? "" : "ORDER BY " + names
        }
    }
}

extension RollupDimension {
    var column: String {
        switch self {
        case .time: "start"
        case .tag: "tag"
        case .organization: "organization"
        case .team: "team"
        case .project: "project"
        case .key: "key"
        case .requestedModel: "requested_model"
        case .provider: "provider"
        case .model: "model"
        }
    }
}
