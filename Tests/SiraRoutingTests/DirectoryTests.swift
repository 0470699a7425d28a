import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire
import Testing

@Suite struct DirectoryTests {
    let catalog: Catalog

    init() throws {
        catalog = try Catalog.embedded()
    }

    private func directory(_ providers: [String], aliases: [ModelAlias] = []) throws -> Directory {
        let accesses = try providers.map { id in
            try ProviderAccess(provider: try #require(catalog.provider(id)), keys: [Secret("k-\(id)")])
        }
        return Directory(catalog: catalog, accesses: accesses, aliases: aliases)
    }

    private func ids(_ plan: Plan) -> [String] { plan.candidates.map(\.deployment.id) }

    @Test func `a bare name goes to every configured provider that offers it, in their order`() throws {
        let directory = try directory(["github-copilot", "openai"])
        let plan = try directory.plan(for: "gpt-4o", operation: .chat)
        #expect(ids(plan) == ["github-copilot/gpt-4o", "openai/gpt-4o"])
        #expect(plan.candidates.allSatisfy { $0.reason == .offered })
        #expect(plan.candidates.last?.deployment.prices != nil)
    }

    @Test func `a provider's name before the model leaves no other choice`() throws {
        let plan = try directory(["openai", "openrouter"]).plan(for: "openai/gpt-4o", operation: .chat)
        #expect(ids(plan) == ["openai/gpt-4o"])
        #expect(plan.candidates.first?.reason == .explicit)
    }

    @Test func `a name with a slash is another provider's model where the first is not configured`() throws {
        let plan = try directory(["openrouter", "anthropic"]).plan(for: "openai/gpt-4o", operation: .chat)
        #expect(ids(plan) == ["openrouter/openai/gpt-4o"])
    }

    @Test func `a new model of a named provider goes through at unknown price`() throws {
        let plan = try directory(["openai", "anthropic"]).plan(for: "openai/brand-new", operation: .chat)
        #expect(ids(plan) == ["openai/brand-new"])
        #expect(plan.candidates.first?.deployment.prices == nil)
    }

    @Test func `only names of the catalogue and the configuration are listed, however they are asked for`() throws {
        let alias = ModelAlias(name: "mine", targets: ["openai/brand-new"])
        let directory = try directory(["openai", "anthropic"], aliases: [alias])
        let names = [
            ("gpt-4o", true), ("openai/gpt-4o", true), ("mine", true), ("openai/brand-new", false),
            ("claude-sonnet-4-5-20991231", false), ("anthropic/claude-sonnet-4-5-20991231", false),
        ]
        for (name, isListed) in names {
            #expect(try directory.plan(for: name, operation: .chat).candidates.first?.isListed == isListed, "\(name)")
        }
    }

    @Test func `an unknown model goes to the only provider`() throws {
        let plan = try directory(["openai"]).plan(for: "brand-new", operation: .chat)
        #expect(ids(plan) == ["openai/brand-new"] && plan.candidates.first?.reason == .onlyProvider)
    }

    @Test func `another snapshot is sent under the name that was asked for`() throws {
        let plan = try directory(["anthropic", "openai"]).plan(for: "claude-sonnet-4-5-20991231", operation: .messages)
        #expect(ids(plan) == ["anthropic/claude-sonnet-4-5-20991231"])
        #expect(plan.candidates.first?.deployment.model?.id == "claude-sonnet-4-5")
        #expect(plan.candidates.first?.reason == .snapshot)
    }

    @Test func `a model of a provider without key names the variable to set`() throws {
        let directory = try directory(["openai", "groq"])
        for name in ["claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"] {
            let error = #expect(throws: GatewayError.self) { try directory.plan(for: name, operation: .chat) }
            #expect(error?.code == .providerNotConfigured)
            #expect(error?.message.contains("ANTHROPIC_API_KEY") == true)
        }
    }

    @Test(arguments: ["gemini-2.5-pro:generateContent?key=", "a/../b", "..", "a%2fb", "a#b", "a\\b"])
    func `what would mean something in a path is no model's name`(name: String) throws {
        let directory = try directory(["openai"])
        for name in [name, "openai/" + name] {
            let error = #expect(throws: GatewayError.self) { try directory.plan(for: name, operation: .chat) }
            #expect(error?.code == .modelNotFound, "\(name)")
        }
    }

    @Test func `a wrong name is answered with near ones`() throws {
        let directory = try directory(["openai", "anthropic"])
        let error = #expect(throws: GatewayError.self) { try directory.plan(for: "gpt4-o-minni", operation: .chat) }
        #expect(error?.code == .modelNotFound)
        #expect(error?.message.contains("gpt-4o-mini") == true && error?.message.contains("/v1/models") == true)
    }

    @Test(arguments: ["\r\nset-cookie: a=b", "\u{0}", " 20991231", String(repeating: "9", count: 300)])
    func `another snapshot must have the name of a model`(ending: String) throws {
        let directory = try directory(["anthropic", "openai"])
        let error = #expect(throws: GatewayError.self) {
            try directory.plan(for: "claude-3-5-haiku-" + ending, operation: .messages)
        }
        #expect(error?.code == .modelNotFound)
    }

    @Test(arguments: ["", " ", "a b", "openai/", "x\n", String(repeating: "x", count: 300)])
    func `what cannot be a model's name is not found, even with one provider`(name: String) throws {
        let directory = try directory(["openai"])
        let error = #expect(throws: GatewayError.self) { try directory.plan(for: name, operation: .chat) }
        #expect(error?.code == .modelNotFound)
    }

    @Test func `the only provider is not asked for another provider's model`() throws {
        let openai = try directory(["openai"])
        let error = #expect(throws: GatewayError.self) { try openai.plan(for: "nope/gpt-4o", operation: .chat) }
        #expect(error?.code == .modelNotFound)
        #expect(error?.message.contains("\"nope\"") == true && error?.message.contains("openai") == true)
        #expect(try ids(openai.plan(for: "gpt-99", operation: .chat)) == ["openai/gpt-99"])
        #expect(try ids(openai.plan(for: "openai/nope/x", operation: .chat)) == ["openai/nope/x"])
        // Whose models are named so may have a new one.
        #expect(
            try ids(directory(["openrouter"]).plan(for: "nope/gpt-99", operation: .chat)) == ["openrouter/nope/gpt-99"]
        )
    }

    @Test func `providers that lack the operation are rejected with the reason`() throws {
        let directory = try directory(["anthropic", "openai"])
        let error = #expect(throws: GatewayError.self) {
            try directory.plan(for: "claude-sonnet-4-5", operation: .embedding)
        }
        #expect(error?.code == .unsupportedFeature && error?.message.contains("anthropic") == true)
        #expect(error?.message.contains("vertex") == false)
        let wrong = #expect(throws: GatewayError.self) {
            try directory.plan(for: "text-embedding-3-small", operation: .chat)
        }
        #expect(wrong?.message.contains("embeddings") == true)
        #expect(try ids(directory.plan(for: "text-embedding-3-small", operation: .embedding)).count == 1)
    }

    @Test func `places that are not configured are among the rejections`() throws {
        let plan = try directory(["openai"]).plan(for: "gpt-4o", operation: .chat)
        #expect(plan.rejections.contains { $0.target == "azure-openai" })
    }

    @Test func `an alias leads to its targets in order, through other aliases too`() throws {
        let aliases = [
            ModelAlias(name: "fast", targets: ["openai/gpt-4o-mini", "small"]),
            ModelAlias(name: "small", targets: ["anthropic/claude-haiku-4-5", "openai/gpt-4o-mini"]),
            ModelAlias(name: "gpt-4o", targets: ["openai/gpt-4o-2024-11-20", "gpt-4o"]),
        ]
        let directory = try directory(["openai", "anthropic"], aliases: aliases)
        #expect(directory.problems.isEmpty)
        #expect(
            try ids(directory.plan(for: "fast", operation: .chat)) == [
                "openai/gpt-4o-mini", "anthropic/claude-haiku-4-5",
            ]
        )
        #expect(
            try ids(directory.plan(for: "gpt-4o", operation: .chat)) == ["openai/gpt-4o-2024-11-20", "openai/gpt-4o"]
        )
        #expect(directory.listed.prefix(3).map(\.id) == ["fast", "small", "gpt-4o"])
        #expect(directory.listed.count { $0.id == "gpt-4o" } == 1)
    }

    @Test func `aliases that go in circles or nowhere are reported and end`() throws {
        let aliases = [
            ModelAlias(name: "a", targets: ["b"]), ModelAlias(name: "b", targets: ["a"]),
            ModelAlias(name: "c", targets: []), ModelAlias(name: "d", targets: ["claude-sonnet-4-5"]),
        ]
        let directory = try directory(["openai", "groq"], aliases: aliases)
        #expect(directory.problems.count >= 4)
        for alias in aliases {
            let error = #expect(throws: GatewayError.self) { try directory.plan(for: alias.name, operation: .chat) }
            #expect(error?.code == .providerNotConfigured)
        }
    }

    @Test func `the list shows what still exists`() throws {
        let directory = try directory(["openai"])
        let early = Timestamp(microseconds: 0)
        let all = directory.listed(at: early).map(\.id)
        #expect(all.contains("gpt-4o") && Set(all).count == all.count)
        let later = directory.listed(at: Timestamp(microseconds: .max / 2))
        #expect(later.allSatisfy { $0.retiresOn == nil })
    }

    @Test func `a second provider's model of the same name is listed with its provider`() throws {
        let directory = try directory(["openai", "github-copilot"])
        #expect(directory.listed.contains { $0.id == "github-copilot/gpt-4o" })
    }

    @Test func `without any provider every name is refused`() throws {
        let directory = Directory(catalog: catalog, accesses: [])
        #expect(throws: GatewayError.self) { try directory.plan(for: "gpt-4o", operation: .chat) }
        #expect(throws: GatewayError.self) { try directory.plan(for: "nonsense", operation: .chat) }
        #expect(directory.listed.isEmpty)
    }
}
