import SiraCore
import SiraTenancy
import Testing

@Suite struct ModelPatternTests {
    @Test(arguments: ["", "*a", "a*b", "**"]) func `stars belong at the end, once`(text: String) {
        #expect(ModelPattern(text) == nil)
    }

    @Test func `a name means itself and a stem means all that begin with it`() throws {
        let name = try #require(ModelPattern("gpt-5"))
        #expect(name.matches("gpt-5") && !name.matches("gpt-5-mini") && !name.matches("gpt"))
        let stem = try #require(ModelPattern("gpt-*"))
        #expect(stem.matches("gpt-5") && stem.matches("gpt-") && !stem.matches("claude"))
        #expect(try #require(ModelPattern("*")).matches(""))
        #expect(stem.description == "gpt-*")
    }

    @Test func `a key without patterns may use every model`() throws {
        let now = Timestamp(microseconds: 0)
        #expect(APIKey.issue(name: "", at: now).key.allows(model: "anything"))
        let bound = APIKey.issue(name: "", allowedModels: [try #require(ModelPattern("a*"))], at: now).key
        #expect(bound.allows(model: "ab") && !bound.allows(model: "b"))
    }
}
