import GRDB
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@testable import SiraSQLite

@Suite struct SQLiteRequestStoreTests {
    private let database: SQLiteDatabase
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        database = try SQLiteDatabase(path: directory.path + "/sira.db")
    }

    private func record(_ number: Int, _ change: (inout UsageRecord) -> Void = { _ in }) -> UsageRecord {
        let time = Timestamp(microseconds: 1_763_700_000_000_000 + Int64(number) * 1_000_000)
        var record = UsageRecord(request: RequestID(high: 1, low: UInt64(number)), startedAt: time)
        (record.provider, record.model, record.operation) = ("p", "m", "chat")
        (record.organization, record.team, record.project) = ("o", "red", "x")
        change(&record)
        return record
    }

    private func insert(_ records: [UsageRecord]) async throws { _ = try await database.usage.insert(records) }

    /// The numbers of what is found.
    private func found(_ query: String, _ change: (inout RequestSearch) -> Void = { _ in }) async throws -> [Int] {
        var search = RequestSearch()
        search.terms = try RequestQueryReader.read(query)
        change(&search)
        return try await database.requests.requests(search).requests.map { Int($0.record.request.low) }
    }

    @Test func `feedback judges the choices of a time, and those only`() async throws {
        func record(_ second: Int, _ change: (inout UsageRecord) -> Void = { _ in }) -> UsageRecord {
            let time = Timestamp(microseconds: 1_763_700_000_000_000 + Int64(second) * 1_000_000)
            var random = SystemRandomNumberGenerator()
            var record = UsageRecord(request: RequestID(at: time, using: &random), startedAt: time)
            (record.requestedModel, record.provider, record.model, record.team) = ("auto", "p", "m", "red")
            change(&record)
            return record
        }
        let records = [
            record(0), record(10), record(20), record(30) { $0.requestedModel = "m" },
            record(31) { $0.requestedModel = "p/m" }, record(40) { $0.team = "blue" }, record(50), record(60),
        ]
        try await insert(records)
        for (place, scores) in [(0, [1.0]), (1, [1]), (2, [0.2, 0.6]), (3, [1]), (4, [1]), (5, [0.5]), (7, [1])] {
            for (number, score) in scores.enumerated() {
                let (request, time) = (records[place].request, records[place].startedAt)
                let said = Feedback(
                    id: "fb_\(place)_\(number)",
                    request: request,
                    key: "key_\(number)",
                    score: score,
                    createdAt: time
                )
                _ = try await database.feedback.put(said)
            }
        }
        var search = RequestSearch()
        (search.filter.since, search.filter.until) = (records[1].startedAt, records[7].startedAt)
        var judgements = try await database.requests.judgements(search)
        #expect((judgements.judged, judgements.right) == (3, 2))
        search.filter.team = "red"
        judgements = try await database.requests.judgements(search)
        #expect((judgements.judged, judgements.right) == (2, 1))
        judgements = try await database.requests.judgements(RequestSearch())
        #expect((judgements.judged, judgements.right) == (5, 4))
        search = RequestSearch()
        search.terms = [RequestTerm(.flag(.fallback), isNegated: true)]
        judgements = try await database.requests.judgements(search)
        #expect(judgements.judged == 5)
        // Names of columns that feedback has as well.
        (search.filter.key, search.filter.tag) = ("key_of_nobody", "no")
        judgements = try await database.requests.judgements(search)
        #expect(judgements.judged == 0)
    }

    @Test func `terms find what they say and nothing else`() async throws {
        try await insert([
            record(1) { $0.model = "gpt-4o" },
            record(2) { ($0.requestedModel, $0.team, $0.tags) = ("auto", "blue", ["env:prod", "a*b"]) },
            record(3) { ($0.outcome, $0.status, $0.errorCode) = (.upstreamError, 503, "upstream_timeout") },
            record(4) { ($0.duration, $0.cost, $0.timeToFirstToken) = (6_000_000, NanoUSD(nanos: 20_000_000), 5) },
            record(5) { ($0.outcome, $0.status, $0.usage.cacheRead) = (.blocked, 403, 7) },
            record(6) { ($0.isStream, $0.user, $0.key) = (true, "Anna", "key_abc") },
        ])
        for (query, numbers) in [
            ("model:gpt*", [1]), ("model:(gpt-4o OR auto)", [2, 1]), ("-model:m", [1]), ("team:blue", [2]),
            ("-team:blue", [6, 5, 4, 3, 1]), ("tag.env:prod", [2]), ("tag:a*b", [2]), ("is:error", [5, 3]),
            ("-is:error status:200", [6, 4, 2, 1]), ("status:5xx", [3]), ("why:upstream_*", [3]), ("is:slow", [4]),
            ("latency:>5s cost:>=0.02", [4]), ("cost:>0.02", []), ("ttft:<1ms", [4]), ("is:cached", [5]),
            ("is:blocked", [5]), ("is:stream", [6]), ("anna", [6]), ("KEY_A", [6]), ("gpt", [1]),
            ("deployment:p/m", [6, 5, 4, 3, 2]),
            ("id:\(RequestID(high: 1, low: 3))", [3]), ("id:\(RequestID(high: 1, low: 3)) team:blue", []),
        ] {
            #expect(try await found(query) == numbers, "\(query)")
        }
    }

    @Test func `a request is one line, however many attempts it took`() async throws {
        try await insert([
            record(1) { ($0.attempt, $0.isFinal, $0.outcome, $0.provider) = (1, false, .upstreamError, "q") },
            record(1) { ($0.attempt, $0.cost) = (2, NanoUSD(nanos: 5)) },
            record(1) { ($0.attempt, $0.isCorrection, $0.cost) = (3, true, NanoUSD(nanos: -2)) },
            record(2),
        ])
        let entry = try #require(try await database.requests.requests(RequestSearch()).requests.last)
        #expect(entry.record.attempt == 2 && entry.lines.count == 3 && entry.attempts == 2 && entry.isFallback)
        #expect(entry.cost == NanoUSD(nanos: 3))
        #expect(try await found("has:fallback") == [1])
        #expect(try await found("has:retry") == [1])
        #expect(try await found("-has:fallback") == [2])
    }

    @Test(arguments: ["", "team:red", "is:error", "latency:>0"]) func `pages follow each other without gap or overlap`(
        query: String
    ) async throws {
        try await insert(
            (0..<60).map { number in
                record(number) {
                    ($0.duration, $0.outcome) = (Int64(number % 7), number % 3 == 0 ? .upstreamError : .ok)
                    // Some arrive in the same microsecond.
                    $0.startedAt = Timestamp(microseconds: $0.startedAt.microseconds / 2_000_000 * 2_000_000)
                }
            }
        )
        let all = try await found(query) { $0.filter.limit = 100 }
        var (seen, after): ([Int], UsageCursor?) = ([], nil)
        var search = RequestSearch()
        (search.terms, search.filter.limit, search.budget) = (try RequestQueryReader.read(query), 4, 9)
        repeat {
            search.filter.after = after
            let page = try await database.requests.requests(search)
            seen += page.requests.map { Int($0.record.request.low) }
            after = page.next
        } while after != nil
        #expect(seen == all && !all.isEmpty)
    }

    @Test func `what is looked at has an end and the answer says so`() async throws {
        try await insert((0..<50).map { number in record(number) { $0.model = number == 0 ? "rare" : "m" } })
        var search = RequestSearch()
        (search.terms, search.budget) = (try RequestQueryReader.read("model:rare"), 20)
        let page = try await database.requests.requests(search)
        #expect(page.requests.isEmpty && !page.isWhole && page.next?.startedAt == record(30).startedAt)
        let tally = try await database.requests.tally(search, step: 1_000_000)
        #expect(!tally.isWhole && tally.since == record(30).startedAt)
    }

    @Test func `who sees one place alone is told of no line beyond it`() async throws {
        try await insert(
            (0..<50).map { number in
                record(number) { ($0.team, $0.user) = (number == 0 ? "red" : "blue", "bob") }
            }
        )
        var search = RequestSearch()
        (search.filter.team, search.budget) = ("red", 20)
        for terms in ["user:bob", "-user:ann"] {
            search.terms = try RequestQueryReader.read(terms)
            for isConfined in [true, false] {
                search.isConfined = isConfined
                let page = try await database.requests.requests(search)
                let tally = try await database.requests.tally(search, step: 1_000_000)
                // By the way of the end user, lines of others come first.
                let isFar = !isConfined && terms == "user:bob"
                #expect(page.requests.count == (isFar ? 0 : 1) && page.isWhole != isFar, "\(terms)")
                #expect((page.next == nil) != isFar && (tally.since == nil) != isFar, "\(terms)")
            }
        }
    }

    @Test func `other orders are of what was looked at`() async throws {
        try await insert((0..<10).map { number in record(number) { $0.duration = Int64((number * 7) % 10) } })
        let slowest = try await found("") { ($0.order, $0.filter.limit) = (.latency, 3) }
        #expect(slowest == [7, 4, 1])
        let next = try await found("") { ($0.order, $0.filter.limit, $0.offset) = (.latency, 3, 3) }
        #expect(next == [8, 5, 2])
        let fastest = try await found("") { ($0.order, $0.filter.limit, $0.isAscending) = (.latency, 2, true) }
        #expect(fastest == [0, 3])
    }

    @Test func `counting tells of each kind and slice`() async throws {
        try await insert([
            record(0), record(1) { $0.outcome = .blocked }, record(61) { $0.usage.cacheRead = 1 },
            record(62) { ($0.outcome, $0.duration) = (.upstreamError, 9_000_000) },
        ])
        let tally = try await database.requests.tally(RequestSearch(), step: 60_000_000)
        var counts = RequestCounts()
        (counts.all, counts.errors, counts.slow, counts.cached, counts.blocked) = (4, 2, 1, 1, 1)
        #expect(tally.counts == counts && tally.isWhole)
        #expect(tally.slices.values.map(\.ok) == [1, 1] && tally.slices.values.map(\.bad) == [1, 1])
    }

    @Test(arguments: [
        ("key:k", "key"), ("user:u", "user"), ("project:p", "project"), ("team:t", "team"),
        ("organization:o", "organization"), ("is:error", "failure"), ("outcome:blocked", "failure"), ("", "time"),
        ("model:m", "time"), ("-team:t", "time"), ("team:t*", "time"), ("team:(t OR s)", "time"),
        ("is:error team:t", "team"), ("team:t key:k", "key"),
    ])
    func `every way is gone by an index and puts nothing in order itself`(query: String, index: String) async throws {
        var search = RequestSearch()
        search.terms = try RequestQueryReader.read(query)
        try await expect(search, by: "requests_by_\(index)")
    }

    @Test func `a choice beside the query leads the same way`() async throws {
        let fields: [(String, WritableKeyPath<UsageFilter, String?>)] = [
            ("key", \.key), ("user", \.user), ("project", \.project), ("team", \.team),
            ("organization", \.organization),
        ]
        for (name, field) in fields {
            var search = RequestSearch()
            search.filter[keyPath: field] = "x"
            search.filter.outcome = .upstreamError
            try await expect(search, by: "requests_by_\(name)")
            // Lines without a name are in the index of keys alone.
            search.filter[keyPath: field] = ""
            try await expect(search, by: name == "key" ? "requests_by_key" : "requests_by_failure")
        }
    }

    private func expect(_ search: RequestSearch, by index: String) async throws {
        #expect(RequestPath(search).index == index)
        let plan = try await database.pool.read { database in
            let path = RequestPath(search)
            return try Row.fetchAll(
                database,
                sql: "EXPLAIN QUERY PLAN " + path.lines(["request", "duration"]),
                arguments: StatementArguments(path.conditions.values + [10])
            ).map { row -> String in row["detail"] }
        }
        #expect(plan.count == 1 && plan[0].contains(index), "\(plan)")
    }

    @Test func `a small place is found among many others' lines`() async throws {
        try await insert(
            (0..<60).map { number in
                record(number) {
                    if number < 2 { ($0.organization, $0.team, $0.project) = ("tiny", "tiny", "tiny") }
                    $0.outcome = .upstreamError
                }
            }
        )
        for query in ["organization:tiny", "team:tiny is:error", "project:tiny"] {
            #expect(try await found(query) { $0.budget = 20 } == [1, 0], "\(query)")
        }
    }
}
