import SiraCore
import SiraSQLite
import SiraStorage
import Testing

@testable import SiraCLI

@Suite struct ExplainTests {
    private let id = RequestID(high: 1, low: 7)

    private func session(decision: String?) async throws -> Session {
        let session = try Session()
        let database = try session.database()
        var first = UsageRecord(request: id, startedAt: Session.now)
        (first.provider, first.model, first.requestedModel) = ("openai", "gpt-4o", "auto")
        (first.outcome, first.errorCode, first.status) = (.upstreamError, "upstream_failed", 502)
        first.isFinal = false
        var second = first
        (second.attempt, second.provider, second.isFinal) = (second.attempt + 1, "groq", true)
        (second.outcome, second.errorCode, second.status) = (.ok, "", 200)
        (second.timeToFirstToken, second.duration) = (321_000, 1_234_000)
        (second.cost, second.usageBasis) = (NanoUSD(nanos: 1_500_000), .provider)
        _ = try await database.usage.insert([first, second])
        if let decision {
            let stored = StoredDecision(
                request: id,
                key: "",
                createdAt: Session.now,
                expiresAt: nil,
                json: Array(decision.utf8)
            )
            try await database.decisions.put([stored])
        }
        var feedback = Feedback(id: "fb_1", request: id, key: "", score: 0.875, createdAt: Session.now)
        feedback.comment = "schön\u{1B}[31m"
        _ = try await database.feedback.put(feedback)
        try database.close()
        return session
    }

    private let decision = #"""
        {"requested":"auto:cheapest","route":"main","rule":"tokens > 10","strategy":"cost","tier":"simple",
        "tier_reasons":["short"],"candidates":[{"id":"openai/gpt-4o","rank":1,"score":0.5,"why":"costs least",
        "nano_usd":1200000},{"id":"groq/llama","rank":2,"why":"next","state":"cooling"}],"more_candidates":3,
        "rejected":[{"id":"old/model","filter":"context","reason":"takes 8k"}],"baseline":{"of":"dearest","id":"x/y",
        "nano_usd":5000000},"experiment":"try/1","degraded":true,"unheard_of":[1]}
        """#

    @Test func `a request is explained with everything that is known`() async throws {
        let answer = try await session(decision: decision).run("explain", id.description)
        #expect(answer.code == 0)
        for text in [
            "asked for   auto:cheapest", "rule        tokens > 10", "tier        simple: short", "experiment  try/1",
            "the dearest, x/y: $0.005", "degraded    yes", "costs least", "0.0012", "cooling", "and 3 more", "takes 8k",
            "upstream_failed", "321 ms", "1234 ms", "0.0015", "0.875", "schön\\u{1B}[31m",
        ] {
            #expect(answer.output.contains(text), "\(text) in \(answer.output)")
        }
    }

    @Test func `a request without a decision record is explained as far as it goes`() async throws {
        let answer = try await session(decision: nil).run("explain", id.description)
        #expect(answer.code == 0 && answer.output.contains("There is no decision record"))
        #expect(answer.output.contains("upstream_failed"))
        let broken = try await session(decision: "{").run("explain", id.description)
        #expect(broken.code == 0 && broken.output.contains("The decision record cannot be read."))
    }

    @Test func `programs get it as JSON`() async throws {
        let json = try await session(decision: decision).run("explain", id.description, "--json").object()
        #expect(json["request"] as? String == id.description)
        #expect((json["attempts"] as? [Any])?.count == 2)
        #expect((json["decision"] as? [String: Any])?["strategy"] as? String == "cost")
        #expect((json["feedback"] as? [[String: Any]])?.first?["score"] as? Double == 0.875)
    }

    @Test func `what is not there, or no id, is said so`() async throws {
        let session = try await session(decision: nil)
        let absent = await session.run("explain", RequestID(high: 9, low: 9).description)
        #expect(absent.code != 0 && absent.errors.contains("There is no request"))
        let wrong = await session.run("explain", "7")
        #expect(wrong.code == 64 && wrong.errors.contains("is not the id of a request"))
    }
}
