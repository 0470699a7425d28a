import SiraCore
import SiraSQLite
import SiraStorage
import Testing

@testable import SiraCLI

@Suite struct BooksTests {
    private func record(_ number: UInt64, _ change: (inout UsageRecord) -> Void) -> UsageRecord {
        let time = Session.now.advanced(by: .seconds(-60 * Int64(number)))
        var record = UsageRecord(request: RequestID(high: 1, low: number), startedAt: time)
        record.key = "key_1"
        record.requestedModel = "fast"
        record.provider = "openai"
        record.model = "gpt-4o"
        record.usage = Usage(input: 1_000, output: 200)
        record.usageBasis = .provider
        record.cost = NanoUSD(nanos: 1_500_000)
        record.duration = 1_234_000
        change(&record)
        return record
    }

    private func session() async throws -> Session {
        let session = try Session()
        let records = [
            record(1) { _ in },
            record(2) { $0.provider = "groq" },
            record(3) { record in
                record.status = 502
                record.outcome = .upstreamError
                record.errorCode = "upstream_failed"
                record.cost = nil
            },
            record(60 * 24 * 10) { _ in },
        ]
        _ = try await session.database().usage.insert(records)
        return session
    }

    @Test func `usage sums up the last seven days`() async throws {
        let total = try await session().run("usage", "--json").object()["total"] as? [String: Any]
        #expect(total?["requests"] as? Int == 3)
        #expect(total?["errors"] as? Int == 1)
        #expect(total?["input_tokens"] as? Int == 3_000)
        #expect(total?["cost_usd"] as? String == "0.003000000")
        #expect(total?["unpriced"] as? Int == 1)
    }

    @Test func `usage is broken down by what is asked for`() async throws {
        let session = try await session()
        for (dimension, labels) in [
            ("provider", ["groq", "openai"]), ("model", ["groq/gpt-4o", "openai/gpt-4o"]), ("key", ["key_1"]),
            ("day", ["2026-11-21"]), ("hour", ["2026-11-21 06:00"]),
        ] {
            let answer = await session.run("usage", "--by", dimension)
            for label in labels { #expect(answer.output.contains("\n\(label) "), "\(dimension)") }
            let lines = try await session.run("usage", "--by", dimension, "--json").object()["lines"] as? [Any]
            #expect(lines?.count == labels.count)
        }
    }

    @Test func `a stretch of days includes its last`() async throws {
        let session = try await session()
        let answer = await session.run("usage", "--since", "2026-11-11", "--until", "2026-11-11", "--json")
        let total = try answer.object()["total"] as? [String: Any]
        #expect(total?["requests"] as? Int == 1)
    }

    @Test func `logs are filtered, newest first`() async throws {
        let session = try await session()
        let all = try await session.run("logs", "--json").list()
        #expect(all.map { $0["started_at"] as? String }.first == "2026-11-21T06:29:00.000Z")
        #expect(all.count == 4)
        for (filter, count) in [
            (["--provider", "groq"], 1), (["--status", "502"], 1), (["--outcome", "upstream_error"], 1),
            (["--since", "1h"], 3), (["--limit", "2"], 2), (["--model", "fast"], 4), (["--model", "other"], 0),
        ] {
            #expect(try await session.run(["logs", "--json"] + filter).list().count == count, "\(filter)")
        }
    }

    @Test func `one request is found by its id`() async throws {
        let session = try await session()
        let id = RequestID(high: 1, low: 3).description
        let found = try await session.run("logs", "--request", id, "--json").list()
        #expect(found.map { $0["error"] as? String } == ["upstream_failed"])
        #expect(await session.run("logs", "--request", id).output.contains("upstream_failed"))
    }
}
