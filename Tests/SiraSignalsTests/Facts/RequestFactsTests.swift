import SiraCore
import SiraJSON
import SiraSignals
import SiraTesting
import SiraWire
import Testing

@Suite struct RequestFactsTests {
    static func facts(_ text: String) -> RequestFacts { RequestFacts(of: call(text)) }

    static func call(_ text: String, instructions: String? = nil) -> Call {
        var turns: [Turn] = []
        if let instructions { turns.append(turn(.instructions, .text(instructions))) }
        return Call(turns: turns + [turn(.user, .text(text))])
    }

    static func turn(_ role: Turn.Role, _ contents: PartContent...) -> Turn {
        Turn(role: role, parts: contents.map { Part($0, path: "") }, path: "")
    }

    @Test func `a request shows what its fields say`() {
        var call = Self.call("Hello")
        call.isStream = true
        call.sampling.outputLimit = 77
        call.reasoning.effort = .high
        call.endUser = "alice"
        call.cacheKey = "thread-9"
        call.outputFormat = .jsonObject
        call.tools = [.function(FunctionTool(name: "look", description: nil, parameters: nil))]
        let facts = RequestFacts(of: call)
        #expect(facts.isStream && facts.wantsReasoning && facts.wantsJSON)
        #expect(facts.outputLimit == 77)
        #expect((facts.user, facts.session, facts.tools, facts.turns) == ("alice", "thread-9", 1, 1))
        #expect(!facts.hasImages && !facts.hasAudio && !facts.hasFiles)
    }

    @Test func `what is known from outside stays, and a session from a header counts for more`() {
        var known = RequestFacts()
        known.model = "m"
        known.key = "k"
        known.session = "from a header"
        known.headers = ["x-a": "b"]
        var call = Self.call("Hello")
        call.cacheKey = "from the body"
        let facts = RequestFacts(of: call, adding: known)
        #expect((facts.model, facts.key, facts.session) == ("m", "k", "from a header"))
        #expect(facts.headers == ["x-a": "b"])
    }

    @Test func `images, audio and files are seen, in results of tools too`() {
        let image = PartContent.image(.url("https://example.com/a.png"), detail: nil)
        #expect(RequestFacts(of: Call(turns: [Self.turn(.user, image)])).hasImages)
        #expect(RequestFacts(of: Call(turns: [Self.turn(.user, .audio(.file(id: "f")))])).hasAudio)
        let document = PartContent.document(Document(source: .media(.file(id: "f")), name: nil))
        #expect(RequestFacts(of: Call(turns: [Self.turn(.user, document)])).hasFiles)
        let result = PartContent.toolResult(ToolResult(callID: "1", parts: [Part(image, path: "")]))
        #expect(RequestFacts(of: Call(turns: [Self.turn(.user, result)])).hasImages)
    }

    @Test func `instructions are no turns`() {
        let call = Call(turns: [
            Self.turn(.instructions, .text("Be brief.")), Self.turn(.user, .text("Hi")),
            Self.turn(.assistant, .text("Hi.")), Self.turn(.user, .text("How are you?")),
        ])
        #expect(RequestFacts(of: call).turns == 3)
    }

    @Test func `any call is read without a trap, twice alike`() {
        var random = RandomCall(seed: 3, features: Set(CallFeature.allCases))
        for _ in 0..<300 {
            let call = random.next()
            let (once, again) = (RequestFacts(of: call), RequestFacts(of: call))
            #expect(once.prefix == again.prefix && once.promptTokens == again.promptTokens)
            #expect((0...1).contains(once.codeShare) && once.promptTokens >= 0)
        }
    }
}
