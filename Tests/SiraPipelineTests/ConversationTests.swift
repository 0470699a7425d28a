import Testing

@testable import SiraPipeline

@Suite struct ConversationTests {
    @Test(arguments: [
        ("input[3].content[0]", "input[1].content[0]"), ("input[2]", "input[0]"),
        ("input[1].role", "previous_response_id"),
        ("input[0]", "previous_response_id"), ("tools[0]", "tools[0]"), ("input", "input"), ("input[x]", "input[x]"),
        ("input[", "input["),
    ])
    func `paths behind what was put in front are the client's own again`(path: String, own: String) {
        #expect(LengthenedInput(count: 2).path(path) == own)
    }

    @Test func `what was put in front is named once`() {
        #expect(
            LengthenedInput(count: 2).paths(["input[0]", "input[1].a", "user"]) == ["previous_response_id", "user"]
        )
        #expect(LengthenedInput(count: 0).paths(["input[0]"]) == ["input[0]"])
    }
}
