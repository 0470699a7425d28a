import SiraCore
import SiraStorage

extension StoreExam {
    private static func someRecords(_ count: Int, seed: UInt64) -> [UsageRecord] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UsageRecord.random(using: &random) }
    }

    static let usageExams = [
        StoreExam(description: "records come back as they went in") { stores in
            var records = someRecords(50, seed: 2)
            records[9] = records[9].takenBack
            records[11].isModelListed = false
            try demand(try await stores.usage.insert(records) == 50, "all are new")
            for record in records {
                try demand(try await stores.usage.records(of: record.request) == [record], "\(record) is kept")
            }
        },
        StoreExam(description: "a record is counted once however often it comes") { stores in
            let records = someRecords(30, seed: 3)
            try demand(try await stores.usage.insert(Array(records[..<20])) == 20, "20 are new")
            try demand(try await stores.usage.insert(records + records) == 10, "10 are new")
            try demand(try await stores.usage.insert(records) == 0, "none is new")
            let line = try await stores.rollups.totals(RollupQuery(.day)).first
            try demand(line?.totals == records.sum, "the sums count each once")
        },
        StoreExam(description: "the attempts of a request come in order") { stores in
            var records = someRecords(3, seed: 4)
            for index in records.indices {
                records[index].request = records[0].request
                records[index].attempt = 3 - index
            }
            _ = try await stores.usage.insert(records)
            let found = try await stores.usage.records(of: records[0].request)
            try demand(found.map(\.attempt) == [1, 2, 3], "1, 2, 3")
        },
        StoreExam(description: "filters find what a look at every record finds, page by page") { stores in
            let records = someRecords(200, seed: 5)
            _ = try await stores.usage.insert(records)
            for var filter in filters(around: records[7]) {
                let expected = records.filter(filter.matches).sorted { UsageCursor($0) > UsageCursor($1) }
                var found: [UsageRecord] = []
                filter.limit = 7
                while true {
                    let page = try await stores.usage.records(filter)
                    found += page
                    guard page.count == 7, let last = page.last else { break }
                    filter.after = UsageCursor(last)
                }
                try demand(found == expected, "\(filter) finds \(expected.count) records, not \(found.count)")
            }
        },
        StoreExam(description: "roll-ups equal the sums of the records") { stores in
            var records = someRecords(300, seed: 6)
            for index in stride(from: 0, to: 300, by: 10) { records[index] = records[index].takenBack }
            for start in stride(from: 0, to: 300, by: 37) {
                _ = try await stores.usage.insert(Array(records[start..<min(300, start + 37)]))
            }
            for period in RollupPeriod.allCases {
                try await checkGroups(period, records, stores)
                for tag in Set(records.flatMap(\.tags)) where !tag.isEmpty {
                    var query = RollupQuery(period)
                    query.tag = tag
                    let sum = try await stores.rollups.totals(query).first?.totals
                    try demand(sum == records.filter { $0.tags.contains(tag) }.sum, "the sum of \(tag)")
                }
            }
        },
        StoreExam(description: "sums that leave the range stay at its end") { stores in
            var records = someRecords(3, seed: 7)
            for index in records.indices {
                records[index].startedAt = records[0].startedAt
                records[index].key = "k"
                (records[index].provider, records[index].model) = ("p", "m")
                (records[index].requestedModel, records[index].tags) = ("r", [])
                records[index].cost = NanoUSD(nanos: .max - 5)
            }
            for record in records { _ = try await stores.usage.insert([record]) }
            let sum = try await stores.rollups.totals(RollupQuery(.day)).first?.totals.cost
            try demand(sum == NanoUSD(nanos: .max), "the largest amount there is")
        },
        StoreExam(description: "sums over several lines that leave the range stay at its end, too") { stores in
            var records = someRecords(4, seed: 8)
            for (index, key) in ["a", "b", "c", "d"].enumerated() {
                records[index].key = key
                records[index].tags = []
                records[index].startedAt = records[0].startedAt
                records[index].cost = NanoUSD(nanos: index < 2 ? .max - 5 : 7)
                records[index].usage.input = index < 2 ? 3 : Int(Int64.max) - 1
                records[index].usage.output = 1 << 40 + index
            }
            _ = try await stores.usage.insert(records)
            let sum = try await stores.rollups.totals(RollupQuery(.day)).first?.totals
            try demand(sum?.cost == NanoUSD(nanos: .max), "the largest amount there is")
            try demand(sum?.input == .max, "the largest number of tokens there is")
            try demand(sum?.output == 4 << 40 + 6, "what is within the range is exact")
            var query = RollupQuery(.day)
            query.key = "a"
            let one = try await stores.rollups.totals(query).first?.totals
            try demand(one?.cost == NanoUSD(nanos: .max - 5) && one?.input == 3, "a single line is exact")
        },
        StoreExam(description: "names that clients make up share a line, unless they were answered to") { stores in
            var records = someRecords(40, seed: 9)
            for index in records.indices {
                records[index].startedAt = records[0].startedAt
                (records[index].key, records[index].tags) = ("k", [])
                (records[index].attempt, records[index].provider) = (1, "p")
                records[index].model = "made-up-\(index)"
                records[index].requestedModel = "p/made-up-\(index)"
                records[index].isModelListed = false
                records[index].outcome = index < 2 ? .ok : .clientError
                if index != 2 { records[index].usage = Usage() }
            }
            _ = try await stores.usage.insert(records)
            let lines = try await stores.rollups.totals(RollupQuery(.day, by: [.model, .requestedModel]))
            try demand(lines.count == 4, "three models that answered, and the rest")
            let rest = lines.first { $0.model == "other" && $0.requestedModel == "other" }
            try demand(rest?.totals.attempts == 37, "the rest has all the others")
            let found = try await stores.usage.records(of: records[20].request).first
            try demand(found?.model == "made-up-20", "the record itself keeps its name")
        },
        StoreExam(description: "what is too old is deleted in batches, the oldest first, and nothing else") { stores in
            let records = someRecords(100, seed: 10).sorted { UsageCursor($0) < UsageCursor($1) }
            _ = try await stores.usage.insert(records)
            let time = records[60].startedAt
            var counts: [Int] = []
            repeat {
                counts.append(try await stores.retention.deleteRecords(before: time, limit: 25))
            } while counts.last == 25
            try demand(counts == [25, 25, 10], "60 records in three batches, not \(counts)")
            let left = try await stores.usage.records(UsageFilter())
            try demand(left == records[60...].reversed(), "the younger ones are there")
            let day = try await stores.rollups.totals(RollupQuery(.day)).first
            try demand(day?.totals == records.sum, "sums still count all")

            let hour = RollupPeriod.hour.start(of: time)
            var deleted = 0
            while true {
                let count = try await stores.retention.deleteRollups(.hour, before: hour, limit: 7)
                deleted += count
                guard count == 7 else { break }
            }
            let old = records.filter { $0.startedAt < hour }
            var sums = RollupSums()
            for record in old { sums.add(record) }
            let keys = sums.lines.keys.filter { $0.period == .hour }
            try demand(deleted == keys.count, "\(keys.count) lines, tags included, not \(deleted)")
            let young = try await stores.rollups.totals(RollupQuery(.hour)).first
            try demand(young?.totals == records.filter { $0.startedAt >= hour }.sum, "younger hours are there")
            let days = try await stores.rollups.totals(RollupQuery(.day)).first
            try demand(days?.totals == records.sum, "days are there")
        },
        StoreExam(description: "an empty store has no sums and no records") { stores in
            try demand(try await stores.rollups.totals(RollupQuery(.hour)).isEmpty, "no sums")
            try demand(try await stores.usage.records(UsageFilter()).isEmpty, "no records")
            try demand(try await stores.usage.insert([]) == 0, "nothing to insert")
        },
    ]

    private static func filters(around record: UsageRecord) -> [UsageFilter] {
        let changes: [(inout UsageFilter) -> Void] = [
            { _ in },
            { $0.since = record.startedAt },
            { $0.until = record.startedAt },
            { $0.key = record.key },
            { $0.requestedModel = record.requestedModel },
            { $0.provider = record.provider },
            { $0.model = record.model },
            { $0.outcome = record.outcome },
            { $0.organization = record.organization },
            { $0.team = record.team },
            { $0.project = record.project },
            { $0.user = record.user },
            { $0.tag = "a\"b\\" },
            {
                $0.key = record.key
                $0.provider = record.provider
                $0.since = record.startedAt
            },
        ]
        return changes.map { change in
            var filter = UsageFilter()
            change(&filter)
            return filter
        }
    }

    private static func checkGroups(_ period: RollupPeriod, _ records: [UsageRecord], _ stores: Stores) async throws {
        let lines = try await stores.rollups.totals(RollupQuery(period, by: RollupView.whole.dimensions.union([.time])))
        let groups = Dictionary(grouping: records) { RollupKey($0, period: period) }
        try demand(lines.count == groups.count, "\(period): \(groups.count) lines, not \(lines.count)")
        try demand(lines.compactMap(\.start) == lines.compactMap(\.start).sorted(), "\(period): in order of time")
        for (key, group) in groups {
            let line = lines.first {
                $0.start == key.start && $0.key == key.key && $0.requestedModel == key.requestedModel
                    && $0.provider == key.provider && $0.model == key.model
            }
            try demand(line?.totals == group.sum, "\(period): the sum of \(key)")
        }
        var query = RollupQuery(period, by: [.provider])
        query.key = "key_a"
        for line in try await stores.rollups.totals(query) {
            let group = records.filter { $0.key == "key_a" && $0.provider == line.provider }
            try demand(line.totals == group.sum, "\(period): the sum of key_a at \(line.provider ?? "")")
        }
    }
}

extension [UsageRecord] {
    fileprivate var sum: UsageTotals {
        reduce(into: UsageTotals()) { $0 += UsageTotals($1) }
    }
}
