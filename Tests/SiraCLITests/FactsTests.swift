import Foundation
import Testing

@testable import SiraCLI

@Suite struct FactsTests {
    @Test func `a provider is on because of the variable that holds its key`() async throws {
        let session = try Session(environment: ["GROQ_API_KEY": "x"])
        let on = try await session.run("providers", "--json").list()
        let groq = try #require(on.first { $0["id"] as? String == "groq" })
        #expect(groq["on"] as? Bool == true)
        #expect((groq["reason"] as? String ?? "").contains("GROQ_API_KEY"))
        let all = try await session.run("providers", "--all", "--json").list()
        let other = try #require(all.first { $0["id"] as? String == "anthropic" })
        #expect(other["on"] as? Bool == false)
        #expect(other["reason"] as? String == "set ANTHROPIC_API_KEY")
    }

    @Test func `models are those that can be used, or all with --all`() async throws {
        let session = try Session(environment: ["ANTHROPIC_API_KEY": "x"])
        let usable = try await session.run("models", "--json").list()
        #expect(!usable.isEmpty)
        #expect(usable.allSatisfy { $0["provider"] as? String == "anthropic" })
        let all = try await session.run("models", "--all", "--json").list()
        #expect(all.count > usable.count)
        let found = try await session.run("models", "--all", "--provider", "openai", "--search", "GPT-4o", "--json")
            .list()
        #expect(found.contains { $0["id"] as? String == "gpt-4o" })
        #expect(found.allSatisfy { $0["provider"] as? String == "openai" })
    }

    @Test func `a price is broken down to the nano-dollar`() async throws {
        let answer = await (try Session()).run(
            "price",
            "openai/gpt-4o",
            "--input",
            "1000",
            "--output",
            "500",
            "--cache-read",
            "200",
            "--json"
        )
        let price = try answer.object()
        #expect(price["cost_usd"] as? String == "0.007250000")
        let lines = try #require(price["lines"] as? [[String: Any]])
        #expect(lines.map { $0["unit"] as? String } == ["input", "cache_read", "output"])
        #expect(lines.map { $0["count"] as? Int } == [800, 200, 500])
        #expect(price["price_source"] is String)
        #expect(price["price_date"] is String)
    }

    @Test func `an unknown price is unknown and not 0, and an unknown model an error`() async throws {
        let session = try Session(environment: ["GROQ_API_KEY": "x"])
        let unknown = await session.run("price", "groq/not-a-model-yet", "--input", "1")
        #expect(unknown.code == 0)
        #expect(unknown.output.contains("unknown"))
        let json = try await session.run("price", "groq/not-a-model-yet", "--input", "1", "--json").object()
        #expect(json["cost_usd"] is NSNull)
        #expect(await session.run("price", "anthropic/not-a-model-yet", "--input", "1").code == 1)
    }

    @Test func `without amounts the prices of a model are listed`() async throws {
        let session = try Session()
        let text = await session.run("price", "gpt-4o-mini").output
        #expect(text.hasPrefix("openai/gpt-4o-mini\n") && text.contains("0.15") && text.contains("price from: "))
        let list = try await session.run("price", "gpt-4o-mini", "--json").object()
        let prices = try #require(list["prices"] as? [[String: Any]])
        #expect(prices.first?["unit"] as? String == "input")
        #expect(prices.first?["usd_per_million"] as? String == "0.150000000")
        #expect(await session.run("price", "claude-sonnet-4-5").output.contains("200,000"))
    }

    @Test(arguments: [("gpt-4o", "openai"), ("claude-sonnet-4-6", "anthropic"), ("deepseek-v4-pro", "deepseek")])
    func `a model that several have is priced at who made it`(model: String, provider: String) async throws {
        let price = try await (try Session()).run("price", model, "--input", "10", "--json").object()
        #expect(price["provider"] as? String == provider)
    }

    @Test func `a name that nobody knows has no price, though the only provider would be asked for it`() async throws {
        let answer = await (try Session(environment: ["OPENAI_API_KEY": "x"])).run("price", "nonsense", "--input", "1")
        #expect(answer.code == 1)
        #expect(answer.errors.contains("no model \"nonsense\"") && answer.errors.contains("openai"))
    }

    @Test func `a provider that there is not is told`() async throws {
        let answer = await (try Session(environment: ["OPENAI_API_KEY": "x"])).run("models", "--provider", "opnai")
        #expect(answer.code == 1)
        #expect(answer.errors.contains("no provider opnai") && answer.errors.contains("openai?"))
    }
}
