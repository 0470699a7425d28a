import SiraConfiguration
import Testing

@testable import SiraApp

@Suite struct BannerTests {
    private func banner(
        _ text: String = "",
        _ variables: [String: String] = [:],
        keys: Int = 0,
        configuration: String? = nil
    ) throws -> String {
        let environment = Environment(variables)
        let settings = try Settings.parse(text, file: "sira.yaml", environment: environment)
        let world = try World(settings: settings, environment: environment)
        let banner = Banner(
            settings: settings,
            world: world,
            keys: keys,
            api: settings.server.address,
            admin: settings.admin.address,
            configuration: configuration,
            program: "sira"
        )
        return banner.text
    }

    @Test func `without a provider it says how to switch one on, and shows no call`() throws {
        let text = try banner()
        #expect(text.contains("OPENAI_API_KEY") && !text.contains("curl"))
    }

    @Test func `a call shows a key only where one is asked for`() throws {
        let keys = ["OPENAI_API_KEY": "k"]
        #expect(!(try banner("", keys).contains("Bearer")))
        #expect(!(try banner("", keys).contains("keys create")))
        #expect(try banner("", keys, keys: 1).contains("Bearer KEY"))
        let refusing = try banner("server: {without_keys: refuse}", keys, configuration: "team.yaml")
        #expect(refusing.contains("sira keys create --name me --config 'team.yaml'"))
    }

    @Test(arguments: [
        ("OPENAI_API_KEY", "gpt-6.1-"), ("ANTHROPIC_API_KEY", "claude-haiku-5-5"),
        ("DEEPSEEK_API_KEY", "deepseek-v4-flash"), ("MISTRAL_API_KEY", "mistral-large-4"),
    ])
    func `the call names a current model`(variable: String, model: String) throws {
        #expect(try banner("", [variable: "k"]).contains("{\"model\": \"\(model)"))
    }

    @Test func `a name of the operator's own goes before it`() throws {
        let text = try banner("aliases: {fast: gpt-4o-mini}", ["OPENAI_API_KEY": "k"])
        #expect(text.contains("{\"model\": \"fast\""))
    }
}
