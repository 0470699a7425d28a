import SiraJSON
import Testing

@testable import SiraPipeline

@Suite struct RequestHintsTests {
    private func hints(_ text: String) throws -> RequestHints {
        try JSONIndexer().read(Array(text.utf8)) { RequestHints($0) }
    }

    @Test func `the end user and the output limit are found in each protocol's place`() throws {
        #expect(try hints(#"{"user":"anna","max_tokens":5}"#).user == "anna")
        #expect(try hints(#"{"safety_identifier":"bert"}"#).user == "bert")
        #expect(try hints(#"{"metadata":{"user_id":"carl"}}"#).user == "carl")
        #expect(try hints(#"{"max_completion_tokens":7}"#).outputLimit == 7)
        #expect(try hints(#"{"max_output_tokens":8}"#).outputLimit == 8)
        #expect(try hints(#"{"generationConfig":{"maxOutputTokens":9}}"#).outputLimit == 9)
        #expect(try hints(#"{"inferenceConfig":{"maxTokens":10}}"#).outputLimit == 10)
        #expect(try hints(#"{"options":{"num_predict":11}}"#).outputLimit == 11)
        #expect(try hints(#"{"n":3}"#).answers == 3)
    }

    @Test func `what makes no sense is passed over`() throws {
        let odd = #"{"user":5,"n":0,"max_tokens":-1,"metadata":[],"generationConfig":7,"options":null}"#
        #expect(try hints(odd) == RequestHints())
        #expect(try hints("[1]") == RequestHints())
        #expect(try hints(#"{"max_tokens":1e300,"n":99999999999}"#).outputLimit == nil)
    }
}
