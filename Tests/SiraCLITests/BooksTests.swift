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

    @Test func `logs are found by the word that they show`() async throws {
        let session = try await session()
        for word in ["upstream_failed", "upstream_error"] {
            #expect(try await session.run("logs", "--outcome", word, "--json").list().count == 1)
        }
        #expect(try await session.run("logs", "--outcome", "upstream_timeout", "--json").list().isEmpty)
        let wrong = await session.run("logs", "--outcome", "bad")
        #expect(wrong.code == 64 && wrong.errors.contains("client_error"))
    }

    @Test func `a time that cannot be read is refused with those that can`() async throws {
        let answer = await (try Session()).run("usage", "--since", "yesterday")
        #expect(answer.code == 64)
        #expect(answer.errors.contains("7d") && answer.errors.contains("2026-11-21T08:00Z"))
    }

    @Test func `a cost that is not known is never shown as nothing`() async throws {
        let session = try Session()
        let records = [
            record(1) { $0.provider = "groq" },
            record(2) { ($0.provider, $0.cost) = ("groq", nil) },
            record(3) { ($0.provider, $0.cost) = ("local", nil) },
            record(4) { record in
                (record.attempt, record.provider, record.model, record.cost) = (0, "", "", nil)
                (record.usage, record.usageBasis) = (Usage(), .none)
                (record.outcome, record.errorCode, record.status) = (.clientError, "model_not_found", 404)
            },
        ]
        _ = try await session.database().usage.insert(records)
        let lines = await session.run("usage", "--by", "provider").output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(lines.contains { $0.hasPrefix("groq ") && $0.hasSuffix(" 0.0015 + ? 1") })
        #expect(lines.contains { $0.hasPrefix("local ") && $0.hasSuffix(" ? 1") && !$0.contains("+") })
        #expect(lines.contains { $0.hasPrefix("(no provider) ") && $0.hasSuffix(" - 0") })
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
