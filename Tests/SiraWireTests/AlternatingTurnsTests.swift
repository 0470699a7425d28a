import SiraCore
import SiraJSON
import SiraWire
import Testing

@Suite struct AlternatingTurnsTests {
    private func turns(
        _ said: [(Turn.Role, PartContent)],
        refuses: ModelTraits.Refusals = [],
        takesMedia: Bool = true
    ) throws -> AlternatingTurns {
        let turns = said.enumerated().map { index, turn in
            Turn(role: turn.0, parts: [Part(turn.1, path: "messages[\(index)].content")], path: "messages[\(index)]")
        }
        var traits = ModelTraits()
        traits.refuses = refuses
        let rules = AlternatingTurns.Rules(
            dialect: .anthropic,
            takesAudio: takesMedia,
            takesAssistantMedia: takesMedia
        )
        return try AlternatingTurns(Call(turns: turns), rules, traits)
    }

    private static let tool = PartContent.toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))
    private static let result = PartContent.toolResult(ToolResult(callID: "1", parts: []))

    @Test func `turns of one side are one, and instructions stand apart`() throws {
        let made = try turns([
            (.user, .text("a")), (.instructions, .text("i")), (.user, .text(" ")), (.user, .text("b")),
            (.assistant, Self.tool), (.user, .text("c")), (.user, Self.result),
        ])
        #expect(made.turns.map(\.role) == [.user, .assistant, .user])
        #expect(made.system.count == 1 && made.calledTools == ["f"] && made.speaksOfTools)
        guard case .toolResult? = made.turns.last?.parts.first?.content else {
            Issue.record("results come first")
            return
        }
    }

    @Test func `an answer begun by the client is refused where the model refuses it`() throws {
        let begun: [(Turn.Role, PartContent)] = [(.user, .text("a")), (.assistant, .text("So "))]
        #expect(try turns(begun).turns.count == 2)
        let error = #expect(throws: GatewayError.self) { try turns(begun, refuses: .prefill) }
        #expect(error?.code == .unsupportedFeature && error?.field == "messages[1]")
        // A long turn that was interrupted is gone on with.
        let paused: [(Turn.Role, PartContent)] = [
            (.user, .text("a")), (.assistant, .native(.anthropic, RawJSON("{}"))),
        ]
        #expect(try turns(paused, refuses: .prefill).turns.count == 2)
    }

    @Test(arguments: ["gAAAAABpLk", "sira.gemini:Q2lR", "sira.openai:eHh4", ""])
    func `thoughts with another maker's proof, or none, are left out and named`(proof: String) throws {
        for thought in [PartContent.thinking(Thought(text: "t", signature: proof)), .redactedThinking(proof)] {
            let made = try turns([
                (.user, .text("a")), (.assistant, thought), (.assistant, Self.tool), (.user, Self.result),
            ])
            #expect(made.dropped == ["messages[1].content"])
            #expect(made.turns[1].parts.count == 1 && made.lacksThoughtBeforeTools)
        }
    }

    @Test(arguments: ["EqQBCg==", "sira.anthropic:EqQBCg=="])
    func `thoughts with their own proof go back without its name`(proof: String) throws {
        let thought = PartContent.thinking(Thought(text: "t", signature: proof))
        let made = try turns([
            (.user, .text("a")), (.assistant, thought), (.assistant, Self.tool), (.user, Self.result),
        ])
        #expect(made.dropped.isEmpty && !made.lacksThoughtBeforeTools)
        guard case .thinking(let kept)? = made.turns[1].parts.first?.content else {
            Issue.record("the thought is gone")
            return
        }
        #expect(kept.signature == "EqQBCg==")
    }

    @Test func `what the protocol cannot say where it stands is refused`() throws {
        let sound = PartContent.audio(.base64(type: "audio/wav", data: ""))
        #expect(try turns([(.user, sound)]).turns.count == 1)
        let refused: [[(Turn.Role, PartContent)]] = [
            [(.user, sound)], [(.user, Self.tool)], [(.assistant, Self.result)],
            [(.assistant, .image(.url("u"), detail: nil))], [(.user, .native(.gemini, RawJSON("{}")))],
            [(.instructions, .image(.url("u"), detail: nil))],
        ]
        for said in refused {
            let error = #expect(throws: GatewayError.self) { try turns(said, takesMedia: false) }
            #expect(error?.code == .unsupportedFeature && error?.field == "messages[0].content")
        }
        #expect(throws: GatewayError.self) { try turns([(.instructions, .text("a"))]) }
    }
}
