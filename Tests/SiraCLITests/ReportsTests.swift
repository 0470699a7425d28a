import Foundation
import SiraCore
import SiraSQLite
import SiraStorage
import Testing

@testable import SiraCLI

@Suite struct ReportsTests {
    private func session() async throws -> Session {
        let session = try Session()
        let records = (1...4).map { number in
            let time = Session.now.advanced(by: .seconds(-60 * Int64(number)))
            var record = UsageRecord(request: RequestID(high: 1, low: UInt64(number)), startedAt: time)
            (record.team, record.user) = (number < 3 ? "team_a" : "team_b", "u\(number)")
            (record.requestedModel, record.provider, record.model) = ("fast", "openai", "gpt-4o")
            record.usage = Usage(input: 1_000, output: 100)
            record.usageBasis = .provider
            record.cost = NanoUSD(nanos: 3_500_000)
            record.duration = 1_000_000
            return record
        }
        _ = try await session.database().usage.insert(records)
        return session
    }

    @Test func `usage is broken down by several things at once`() async throws {
        let session = try await session()
        let report = try await session.run("usage", "--by", "team,model", "--json").object()
        let lines = try #require(report["lines"] as? [[String: Any]])
        #expect(lines.map { $0["team"] as? String } == ["team_a", "team_b"])
        #expect(lines.allSatisfy { $0["requests"] as? Int == 2 && $0["cost_usd"] as? String == "0.007000000" })
        let users = try await session.run("usage", "--by", "user", "--json").object()
        #expect((users["lines"] as? [[String: Any]])?.map { $0["user"] as? String } == ["u1", "u2", "u3", "u4"])
        #expect(users["total"] is NSNull)
        let wide = await session.run("usage", "--by", "team,day", "--wide").output
        #expect(wide.contains("P95") && wide.contains("team_a  2026-11-21"))
    }

    @Test func `what cannot be broken down by is refused with what can`() async throws {
        for by in ["colour", "team,", "team,team", "day,hour", "tag,user"] {
            let answer = await (try Session()).run("usage", "--by", by)
            #expect(answer.code == 64, "\(by)")
        }
        #expect(await (try Session()).run("usage", "--by", "colour").errors.contains("requested_model"))
    }

    @Test func `returns need no database where numbers are given`() async throws {
        let session = try Session()
        let report = try await session.run(
            ["roi", "--requests", "1000000", "--cost", "0.001", "--hit-rate", "30%", "--overhead", "100", "--json"]
        ).object()
        #expect(report["savings_usd"] as? String == "200.000000000")
        #expect(await session.run("roi").code == 64)
        #expect(await session.run("roi", "--requests", "1", "--cost", "1", "--hit-rate", "2").code == 64)
    }

    @Test func `a replay prices what was asked at the prices of another model`() async throws {
        let session = try await session()
        let replay = try await session.run("replay", "--map", "openai/gpt-4o=openai/gpt-4o-mini", "--json").object()
        #expect(replay["old_cost_usd"] as? String == "0.014000000")
        // 4 · (1000 · 0.15 + 100 · 0.60) dollars a million.
        #expect(replay["new_cost_usd"] as? String == "0.000840000")
        #expect(await session.run("replay", "--map", "gpt-4o=x").code == 64)
    }

    @Test func `a forecast, anomalies and advice are told of a few requests as well`() async throws {
        let session = try await session()
        let forecast = try await session.run("forecast", "--scope", "team:team_a", "--json").object()
        #expect((forecast["month"] as? [String: Any])?["spent_usd"] as? String == "0.007000000")
        #expect(forecast["back_test"] is NSNull)
        #expect(await session.run("forecast").output.contains("2026-11-01 to 2026-11-30"))
        #expect(await session.run("forecast", "--scope", "team:*").code == 64)
        #expect(await session.run("anomalies").output.contains("No hour was odd."))
        #expect(await session.run("anomalies", "--days", "0").code == 64)
        #expect(await session.run("advice").code == 0)
    }

    @Test func `an export is compared with the books`() async throws {
        let session = try await session()
        let file = session.path + "/export.csv"
        try "Day,model,requests,cost\n2026-11-21,gpt-4o,4,0.014\n".write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        let words = ["reconcile", file, "--provider", "openai", "--format", "csv", "--column", "day=Day"]
        #expect(await session.run(words).output.contains("1 of 1 groups are the same"))
        #expect(await session.run(words + ["--column", "colour=x"]).code == 64)
        #expect(await session.run("reconcile", file + "x", "--provider", "openai", "--format", "csv").code == 1)
    }
}
