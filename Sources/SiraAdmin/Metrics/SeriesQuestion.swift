import SiraCore
import SiraJSON
import SiraStorage

/// Sums of one thing, slice by slice.
struct SeriesLine: Sendable {
    var id: String
    var isRest = false
    var slices: [Timestamp: UsageTotals] = [:]
}

/// A question for sums slice by slice.
struct SeriesQuestion: Sendable {
    /// To the minute.
    let range: Range<Timestamp>
    /// In seconds.
    let step: Int64
    let zone: ConsoleZone
    /// The starts of all slices.
    let slices: [Timestamp]
    /// What is told apart.
    let groups: Set<RollupDimension>
    let isByUser: Bool
    /// Whether there is one series alone, of everything.
    let isByTotal: Bool
    var filter: UsageFilter
    let metrics: [Metric]
    /// How many are told by name.
    let limit: Int

    init(
        range: Range<Timestamp>,
        step: Int64,
        zone: ConsoleZone,
        groups: Set<RollupDimension>,
        isByUser: Bool,
        isByTotal: Bool,
        filter: UsageFilter,
        metrics: [Metric],
        limit: Int
    ) {
        let range = range.minutes
        (self.range, self.step, self.zone, self.groups) = (range, step, zone, groups)
        slices = zone.slices(of: range, step: step, limit: 2_000)
        (self.isByUser, self.isByTotal, self.filter) = (isByUser, isByTotal, filter)
        (self.metrics, self.limit) = (metrics, limit)
    }

    /// The kept slices that ours are put together from.
    private var period: RollupPeriod {
        if step % 3_600 != 0 { return .minute }
        let offsets = zone.offsets(in: range)
        if step >= 86_400, offsets == [0] { return .day }
        let days = (range.upperBound.microseconds - range.lowerBound.microseconds) / RollupPeriod.day.microseconds
        // Half hours of difference to UTC need minutes; where those would be too many, hours come near.
        return offsets.contains { $0 % 3_600 != 0 } && days <= 8 ? .minute : .hour
    }

    /// The slice that a time lies in.
    func slice(of time: Timestamp) -> Timestamp {
        // The last one that has begun by then.
        var (low, high) = (0, slices.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if slices[middle] <= time { low = middle } else { high = middle - 1 }
        }
        return slices[low]
    }

    /// How much of a slice has been and was asked for, in seconds.
    func seconds(ofSlice index: Int, now: Timestamp) -> Double {
        let end = index + 1 < slices.count ? slices[index + 1] : range.upperBound
        let (first, last) = (max(slices[index], range.lowerBound), min(end, range.upperBound, now))
        return max(0, Double(last.microseconds - first.microseconds) / 1_000_000)
    }

    private var query: RollupQuery {
        var query = RollupQuery(period)
        (query.since, query.until, query.isExact) = (range.lowerBound, range.upperBound, true)
        query.narrow(to: filter)
        query.latencies = metrics.reduce(into: []) { $0.formUnion($1.latencies) }
        return query
    }

    /// The series, the greatest first and what is left last.
    func series(from rollups: any RollupStore) async throws -> [SeriesLine] {
        var all = query
        all.groups = [.time]
        guard !isByTotal else { return [try await line("", all, rollups)] }
        let names = try await greatest(rollups)
        // Sums by end user leave out what has none, which is to be told as what is left.
        if names.count <= limit, !isByUser { return try await grouped(names, rollups) }
        let isOverlapping = groups.contains(.tag) && !isByUser
        // Many names: each of those that are told is asked for by itself, and what is left is the rest of the whole.
        var (lines, rest): ([SeriesLine], SeriesLine) = ([], try await line("", all, rollups))
        rest.isRest = true
        for name in names.prefix(limit) {
            var one = all
            narrow(&one, to: name)
            let own = try await line(name, one, rollups)
            for (slice, totals) in own.slices { rest.slices[slice]?.subtract(totals) }
            lines.append(own)
        }
        return isOverlapping ? lines : lines + [rest]
    }

    /// The names that have the most of the first metric, one more than are told.
    private func greatest(_ rollups: any RollupStore) async throws -> [String] {
        var query = query
        query.groups = groups
        query.isByUser = isByUser
        query.latencies = []
        let measure = metrics.first?.measure ?? .requests
        (query.measures, query.order) = ([measure], .descending(measure))
        query.limit = limit + 1
        return try await rollups.totals(query).map(name)
    }

    private func grouped(_ names: [String], _ rollups: any RollupStore) async throws -> [SeriesLine] {
        var query = query
        query.groups = groups.union([.time])
        query.isByUser = isByUser
        var lines = Dictionary(uniqueKeysWithValues: names.map { ($0, SeriesLine(id: $0)) })
        for line in try await rollups.totals(query) {
            add(line, to: &lines[name(of: line), default: SeriesLine(id: "")])
        }
        return names.compactMap { lines[$0] }
    }

    private func line(_ id: String, _ query: RollupQuery, _ rollups: any RollupStore) async throws -> SeriesLine {
        var one = SeriesLine(id: id)
        for line in try await rollups.totals(query) { add(line, to: &one) }
        return one
    }

    private func add(_ line: RollupLine, to series: inout SeriesLine) {
        guard let start = line.start else { return }
        series.slices[slice(of: max(start, range.lowerBound)), default: UsageTotals()] += line.totals
    }

    private func name(of line: RollupLine) -> String {
        if groups == [.provider, .model] {
            let provider = line.provider ?? ""
            return provider.isEmpty ? "" : "\(provider)/\(line.model ?? "")"
        }
        guard let path = groups.first?.name else { return "" }
        let name = line[keyPath: path] ?? ""
        return isByUser ? String(name.dropFirst(RollupKey.userPrefix.count)) : name
    }

    private func narrow(_ query: inout RollupQuery, to name: String) {
        if groups == [.provider, .model] {
            let halves = name.split(separator: "/", maxSplits: 1).map(String.init)
            (query.provider, query.model) = (halves.first ?? "", halves.count == 2 ? halves[1] : "")
            return
        }
        switch groups.first {
        case .model: query.model = name
        case .requestedModel: query.requestedModel = name
        case .provider: query.provider = name
        case .organization: query.organization = name
        case .team: query.team = name
        case .project: query.project = name
        case .key: query.key = name
        case .tag: query.tag = isByUser ? RollupKey.userPrefix + name : name
        default: break
        }
    }

    func write(_ line: SeriesLine, _ metrics: [Metric], now: Timestamp, to json: inout JSONWriter) {
        json.object("columns") { json in
            for metric in metrics {
                json.key(dynamic: metric.rawValue)
                json.array { list in
                    for (index, slice) in slices.enumerated() {
                        let totals = line.slices[slice] ?? UsageTotals()
                        // A slice is drawn however few requests it has: whoever looks sees that it is one.
                        let isKnown = !(line.isRest && !metric.latencies.isEmpty && metric != .averageResponse)
                        let value =
                            isKnown ? metric.plainValue(totals, seconds: seconds(ofSlice: index, now: now)) : nil
                        list.element(value ?? .nan)
                    }
                }
            }
        }
    }
}

extension Metric {
    /// The sum by which series are put in order.
    fileprivate var measure: UsageMeasure {
        switch self {
        case .spend, .cost, .charge, .costPerRequest, .costOfFailures: .cost
        case .errors, .failed, .errorRate: .errors
        case .tokens, .inputTokens: .input
        case .outputTokens: .output
        case .savings: .cost
        default: .requests
        }
    }
}

extension UsageTotals {
    /// Takes away another sum; distributions are left empty, since they cannot be taken apart.
    fileprivate mutating func subtract(_ other: UsageTotals) {
        for measure in UsageMeasure.allCases { self[keyPath: measure.total] &-= other[keyPath: measure.total] }
        (durations, timesToFirstToken) = (LatencySketch(), LatencySketch())
    }
}
