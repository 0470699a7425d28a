import SiraCore
import SiraStorage
import SiraTenancy

extension StoreExam {
    private static func booked(_ count: Int, seed: UInt64, _ stores: Stores) async throws -> [UsageRecord] {
        var random = SeededRandom(seed: seed)
        var records = (0..<count).map { _ in UsageRecord.random(using: &random) }
        for index in stride(from: 0, to: count, by: 9) { records[index] = records[index].takenBack }
        for index in stride(from: 0, to: count, by: 7) { records[index].isModelListed = false }
        _ = try await stores.usage.insert(records)
        return records
    }

    static let rollupExams = [
        StoreExam(description: "every filter and breakdown gives what the records say") { stores in
            let records = try await booked(300, seed: 21, stores)
            for dimension in RollupDimension.allCases {
                guard let name = dimension.name else { continue }
                for query in [RollupQuery(.day, by: [dimension]), RollupQuery(.hour, by: [dimension, .key, .model])] {
                    try await check(query, records, stores)
                }
                let filters: [WritableKeyPath<RollupQuery, String?>] = [
                    \.tag, \.organization, \.team, \.project, \.key, \.requestedModel, \.provider, \.model,
                ]
                let filter = filters[Int(dimension.rawValue) - 1]
                for line in try await stores.rollups.totals(RollupQuery(.day, by: [dimension])) {
                    var query = RollupQuery(.day, by: [.time, .provider])
                    query[keyPath: filter] = line[keyPath: name]
                    try await check(query, records, stores)
                }
            }
        },
        StoreExam(description: "end users are counted as tags of their own") { stores in
            let records = try await booked(100, seed: 22, stores)
            var query = RollupQuery(.day, by: [.tag])
            query.isByUser = true
            let users = try await stores.rollups.totals(query)
            try demand(users.map(\.tag) == ["user:anna", "user:josé"], "anna and josé, not \(users.map(\.tag))")
            try await check(query, records, stores)
            query = RollupQuery(.hour, by: [.tag, .time])
            try await check(query, records, stores)
            query.tag = "user:anna"
            try await check(query, records, stores)
        },
        StoreExam(description: "any range is exact to the minute") { stores in
            let records = try await booked(400, seed: 23, stores)
            var random = SeededRandom(seed: 24)
            for round in 0..<40 {
                let times = [0, 1].map { _ in records.randomElement(using: &random)?.startedAt ?? .earliest }.sorted()
                var query = RollupQuery(from: times[0], until: times[1])
                if round % 2 == 1 { query.groups = [.time, .team] }
                if round % 3 == 1 { query.tag = "grün" }
                if round % 3 == 2 { query.provider = "here" }
                if round % 5 == 4 { query.since = nil }
                query.period = RollupPeriod.allCases.randomElement(using: &random) ?? .day
                try await check(query, records, stores)
            }
        },
        StoreExam(description: "the greatest come first, page by page, with the sums that are wanted alone") { stores in
            _ = try await booked(300, seed: 25, stores)
            let query = RollupQuery(.hour, by: [.time, .model])
            let all = try await stores.rollups.totals(query)
            var best = query
            (best.order, best.measures, best.latencies) = (.descending(.cost), [.cost, .requests], [.duration])
            let sorted = try await stores.rollups.totals(best)
            try demand(sorted.count == all.count, "all lines are there")
            try demand(
                sorted.map(\.totals.cost) == all.map(\.totals.cost).sorted(by: >),
                "the greatest cost comes first"
            )
            try demand(sorted.allSatisfy { $0.totals.input == 0 && $0.totals.timesToFirstToken.isEmpty }, "no others")
            try demand(sorted.contains { !$0.totals.durations.isEmpty }, "durations are wanted")
            var pages: [RollupLine] = []
            best.limit = 7
            repeat {
                best.offset = pages.count
                pages += try await stores.rollups.totals(best)
            } while pages.count == best.offset + 7
            try demand(pages == sorted, "the pages make up the whole")
        },
        StoreExam(description: "what was spent is told by slices of time for every kind of scope") { stores in
            let records = try await booked(200, seed: 26, stores)
            let since = RollupPeriod.minute.start(of: records[0].startedAt)
            for kind in Scope.Kind.allCases {
                let names = kind == .gateway ? [""] : ["*"] + Set(records.flatMap { $0.names(kind) }).sorted()
                for name in names { try await checkSpend(Scope(kind, name), since, records, stores) }
            }
        },
        StoreExam(description: "a recount finds no difference") { stores in
            var random = SeededRandom(seed: 27)
            let records = try await booked(150, seed: 28, stores)
            for _ in 0..<20 {
                let start = Int.random(in: 0..<150, using: &random)
                _ = try await stores.usage.insert(Array(records[start...].prefix(30)))
            }
            let recount = RollupRecount(usage: stores.usage, rollups: stores.rollups)
            let times = records.map(\.startedAt).sorted()
            let range = times[0]..<times[149].advanced(by: .microseconds(1))
            let differences = try await recount.differences(in: range)
            try demand(differences.isEmpty, "\(differences.first.map { "\($0)" } ?? "")")
            _ = try await stores.retention.deleteRollups(.day, before: .latest, limit: 1)
            _ = try await stores.retention.deleteRecords(before: times[1], limit: 1)
            let found = try await recount.differences(in: range)
            try demand(found.contains { $0.found == nil }, "a line that is missing is found")
            try demand(found.contains { $0.found != $0.expected && $0.found != nil }, "one that is wrong, too")
        },
    ]

    /// Compares the store's answer with that of a store in memory that is told every record at once.
    private static func check(_ query: RollupQuery, _ records: [UsageRecord], _ stores: Stores) async throws {
        let lines = try await stores.rollups.totals(query)
        var expected: [RollupLine: UsageTotals] = [:]
        for record in records where query.matches(record) {
            for line in query.groups(of: record) { expected[line, default: UsageTotals()] += UsageTotals(record) }
        }
        try demand(lines.count == expected.count, "\(query): \(expected.count) lines, not \(lines.count)")
        for line in lines {
            var group = line
            group.totals = UsageTotals()
            try demand(expected[group] == line.totals, "\(query): \(group) is \(line.totals)")
        }
    }

    private static func checkSpend(
        _ scope: Scope,
        _ since: Timestamp,
        _ records: [UsageRecord],
        _ stores: Stores
    ) async throws {
        let slices = try await stores.rollups.spend(scope, since: since, by: .hour)
        var expected: [[String]: (charge: NanoUSD, cost: NanoUSD)] = [:]
        for record in records where record.startedAt >= since {
            for name in Set(scope.kind == .gateway ? [""] : record.names(scope.kind))
            where scope.isEach || name == scope.name {
                let slice = [name, RollupPeriod.hour.start(of: record.startedAt).description]
                let sum = expected[slice] ?? (.zero, .zero)
                expected[slice] = (sum.charge + (record.charge ?? .zero), sum.cost + (record.cost ?? .zero))
            }
        }
        try demand(slices.count == expected.count, "\(scope): \(expected.count) slices, not \(slices.count)")
        try demand(slices.map(\.start) == slices.map(\.start).sorted(), "\(scope): the oldest first")
        for slice in slices {
            let right = expected[[slice.name, slice.start.description]]
            try demand(right?.charge == slice.charge && right?.cost == slice.cost, "\(scope): \(slice)")
        }
    }
}

extension RollupQuery {
    /// Looks at the record itself, not at the lines that it is counted in.
    fileprivate func matches(_ record: UsageRecord) -> Bool {
        let (slice, time) = (isExact ? RollupPeriod.minute : period, record.startedAt)
        let start = slice.start(of: time)
        if let since, start < (isExact ? slice.start(of: since) : since) { return false }
        if let until, start >= until { return false }
        let line = RollupKey(record, period: .minute)
        return organization.map { $0 == record.organization } ?? true && team.map { $0 == record.team } ?? true
            && project.map { $0 == record.project } ?? true && key.map { $0 == record.key } ?? true
            && requestedModel.map { $0 == line.requestedModel } ?? true
            && provider.map { $0 == record.provider } ?? true && model.map { $0 == line.model } ?? true
    }

    /// The lines in which the record is counted.
    fileprivate func groups(of record: UsageRecord) -> [RollupLine] {
        let key = RollupKey(record, period: .minute)
        var line = RollupLine(totals: UsageTotals())
        if groups.contains(.time) { line.start = period.start(of: record.startedAt) }
        if groups.contains(.organization) { line.organization = record.organization }
        if groups.contains(.team) { line.team = record.team }
        if groups.contains(.project) { line.project = record.project }
        if groups.contains(.key) { line.key = record.key }
        if groups.contains(.requestedModel) { line.requestedModel = key.requestedModel }
        if groups.contains(.provider) { line.provider = record.provider }
        if groups.contains(.model) { line.model = key.model }
        let names = Set(record.names(.tag)), user = record.names(.user).map { RollupKey.userPrefix + $0 }
        switch tagChoice {
        case .none: return [line]
        case .one(let tag):
            guard names.contains(tag) || user.contains(tag) else { return [] }
            if groups.contains(.tag) { line.tag = tag }
            return [line]
        case .every, .users:
            return (isByUser ? Set(user) : names).map { tag in
                var line = line
                line.tag = tag
                return line
            }
        }
    }
}

extension UsageRecord {
    /// What of a kind the record is counted for.
    fileprivate func names(_ kind: Scope.Kind) -> [String] {
        let names: [String] =
            switch kind {
            case .gateway: []
            case .organization: [organization]
            case .team: [team]
            case .project: [project]
            case .user: [user]
            case .key: [key]
            case .model: [RollupKey(self, period: .day).model]
            case .provider: [provider]
            case .tag: Array(Set(tags))
            }
        return names.filter { !$0.isEmpty }
    }
}
