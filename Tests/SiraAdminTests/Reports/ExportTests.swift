import SiraAdmin
import SiraCatalog
import SiraCore
import SiraLimits
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct ExportTests {
    private let bench: APIBench
    private let source: AdminSource

    init() throws {
        bench = try APIBench()
        source = bench.source(
            with: ReportEndpoints(
                try bench.reports(requests: EndlessRequests(inner: bench.database.requests, clock: bench.clock))
            ).all
        )
    }

    @Test func `a file ends after ten minutes, and says that there is more`() async throws {
        try await withAdmin(AdminSettings(), source) { client in
            let file = try await client.api("GET", "/requests/export?format=jsonl")
            #expect(file.status == 200 && file.body.contains(#"{"truncated":true}"#))
        }
        // Four pages, of which each takes three minutes.
        #expect(bench.clock.now == VirtualClock().now.advanced(by: .seconds(720)))
    }

    @Test func `who has a file made waits for it before the next one, and others do not`() async throws {
        let roles = #"[{"role":"owner","scope":"gateway"}]"#
        let (one, other) = (try await bench.token(roles), try await bench.token(roles))
        try await withAdmin(AdminSettings(), source) { client in
            let answers = try await withThrowingTaskGroup(of: (String, Int).self) { group in
                for token in [one, one, other] {
                    group.addTask { (token, try await client.api("GET", "/requests/export", token: token).status) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.0 == one }.map(\.1).sorted() == [200, 429])
            #expect(answers.filter { $0.0 == other }.map(\.1) == [200])
        }
    }
}

/// A ledger that always has another page, for which it takes three minutes of the clock and a moment of the real one.
private struct EndlessRequests: RequestStore {
    let inner: any RequestStore
    let clock: VirtualClock

    func requests(_ search: RequestSearch) async throws -> RequestPage {
        try await Task.sleep(for: .milliseconds(200))
        clock.advance(by: .seconds(180))
        var page = RequestPage()
        page.next = UsageCursor(UsageRecord(request: RequestID(high: 1, low: 1), startedAt: clock.now))
        return page
    }

    func tally(_ search: RequestSearch, step: Int64) async throws -> RequestTally {
        try await inner.tally(search, step: step)
    }

    func entries(of ids: [RequestID]) async throws -> [RequestEntry] { try await inner.entries(of: ids) }

    func samples(_ search: RequestSearch) async throws -> (samples: [RequestSample], isWhole: Bool) {
        try await inner.samples(search)
    }

    func judgements(_ search: RequestSearch) async throws -> RequestJudgements { try await inner.judgements(search) }
}
