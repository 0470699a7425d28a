import SiraJSON
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct RequestHintsTests {
    private func hints(_ text: String, as wire: WireProtocol = .openai) throws -> RequestHints {
        try JSONIndexer().read(Array(text.utf8)) { RequestHints($0, as: wire) }
    }

    @Test func `the end user and the output limit are found in each protocol's place`() throws {
        #expect(try hints(#"{"user":"anna","max_tokens":5}"#).user == "anna")
        #expect(try hints(#"{"safety_identifier":"bert"}"#).user == "bert")
        #expect(try hints(#"{"metadata":{"user_id":"carl"}}"#, as: .anthropic).user == "carl")
        #expect(try hints(#"{"max_completion_tokens":7}"#).outputLimit == 7)
        #expect(try hints(#"{"max_output_tokens":8}"#, as: .responses).outputLimit == 8)
        let gemini = try hints(#"{"generationConfig":{"maxOutputTokens":9,"candidateCount":2}}"#, as: .gemini)
        #expect(gemini.outputLimit == 9 && gemini.answers == 2)
        #expect(try hints(#"{"inferenceConfig":{"maxTokens":10}}"#, as: .bedrock).outputLimit == 10)
        #expect(try hints(#"{"options":{"num_predict":11}}"#, as: .ollama).outputLimit == 11)
        #expect(try hints(#"{"n":3}"#).answers == 3)
    }

    @Test func `no member that the provider passes over makes a request look cheap`() throws {
        let foreign = #"{"options":{"num_predict":1},"generationConfig":{"maxOutputTokens":1}}"#
        #expect(try hints(foreign).outputLimit == nil)
        #expect(try hints(#"{"max_completion_tokens":900,"max_tokens":1}"#).outputLimit == 900)
        #expect(try hints(#"{"max_tokens":1,"max_completion_tokens":900}"#).outputLimit == 900)
    }

    @Test func `what makes no sense is passed over`() throws {
        let odd = #"{"user":5,"n":0,"max_tokens":-1,"metadata":[]}"#
        #expect(try hints(odd) == RequestHints())
        #expect(try hints(#"{"generationConfig":7}"#, as: .gemini) == RequestHints())
        #expect(try hints("[1]") == RequestHints())
        #expect(try hints(#"{"max_tokens":1e300,"n":99999999999}"#).outputLimit == nil)
    }
}
