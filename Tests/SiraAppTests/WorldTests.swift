import Foundation
import SiraApp
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraRouting
import SiraWire
import Testing

/// What a text and an environment mean.
func world(_ text: String = "", _ variables: [String: String] = [:]) throws -> World {
    let environment = Environment(variables)
    let settings = try Settings.parse(text, file: "sira.yaml", environment: environment)
    return try World(settings: settings, environment: environment)
}

/// What is wrong with a text, a line each; empty when nothing is.
func problems(_ text: String, _ variables: [String: String] = [:]) throws -> String {
    let environment = Environment(variables)
    let settings = try Settings.parse(text, file: "sira.yaml", environment: environment)
    do {
        _ = try World(settings: settings, environment: environment)
        return ""
    } catch {
        return error.description
    }
}

extension World {
    /// The deployments that a chat request for a model may go to.
    func targets(_ model: String) throws -> [String] {
        try directory.plan(for: model, operation: .chat).candidates.map(\.deployment.id)
    }
}

@Suite struct WorldTests {
    @Test func `an empty configuration in an empty environment is an empty world`() throws {
        let world = try world()
        #expect(world.accesses.isEmpty && world.sources.isEmpty && world.warnings.isEmpty)
        #expect(throws: GatewayError.self) { try world.targets("gpt-4o") }
    }

    @Test func `the examples mean something`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let names = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "INFERENCE_API_KEY", "ODD_API_KEY"]
        let variables = Dictionary(uniqueKeysWithValues: (names + ["SIRA_ADMIN_TOKEN"]).map { ($0, "secret-\($0)") })
        for name in ["everything", "local-models", "many-providers", "routing"] {
            let text = try String(contentsOf: root.appending(path: "Examples/\(name).yaml"), encoding: .utf8)
            let world = try world(text, variables)
            #expect(!world.accesses.isEmpty)
            #expect(world.warnings.isEmpty, "\(name)")
        }
    }

    @Test func `providers are used in the order of the file, then those of the environment`() throws {
        let world = try world(
            """
            providers:
              openrouter: {api_key: a}
              anthropic: {api_key: b}
            """,
            ["OPENAI_API_KEY": "c", "GROQ_API_KEY": "d", "ANTHROPIC_API_KEY": "e"]
        )
        #expect(world.accesses.map(\.name) == ["openrouter", "anthropic", "groq", "openai"])
        #expect(
            world.sources.map(\.origin) == ["configuration", "configuration", "GROQ_API_KEY", "OPENAI_API_KEY"]
        )
        #expect(world.sources.map(\.provider) == world.accesses.map(\.name))
        #expect(world.accesses[1].credentials.first?.value.reveal() == "b")
    }

    @Test func `all problems are told at once, each with its place`() throws {
        let text = """
            providers:
              opnai: {api_key: k}
              groq: {}
              gpu: {protocol: openai, base_url: "http://169.254.169.254/v1"}
              azure-ai: {api_key: k, protocol: openai}
            models:
              house: {provider: antropic, model: m}
            """
        let lines = try problems(text).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("sira.yaml:2:"))
        #expect(lines[0].hasSuffix("it needs protocol and base_url; did you mean openai?"))
        #expect(lines[1].hasPrefix("sira.yaml:3:") && lines[1].contains("no key is set; set GROQ_API_KEY"))
        #expect(lines[2].hasPrefix("sira.yaml:4:") && lines[2].contains("metadata"))
        #expect(lines[3].contains("{resource}; give it in providers.azure-ai.variables"))
        #expect(lines[4].hasPrefix("sira.yaml:7:") && lines[4].hasSuffix("did you mean anthropic?"))
    }

    @Test func `no problem shows a secret`() throws {
        let text = try problems("providers: {groqq: {api_key: sk-hidden, proxy: 'http://u:hidden@p:1'}}")
        #expect(!text.isEmpty && !text.contains("hidden"))
    }
}
