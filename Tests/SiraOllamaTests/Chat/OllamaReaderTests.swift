import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraOllama

@Suite struct OllamaReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ lines: [String]) throws -> [String] {
        var reader = OllamaProvider().makeReader(isStream: true, quirks: Quirks())
        var events: [AnswerEvent] = []
        for line in lines {
            try Array((line + "\n").utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        reader.finish(into: &events)
        return events.map(\.summary)
    }

    private let end =
        #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}"#

    @Test func `a stream is read line by line`() throws {
        #expect(
            try read([
                #"{"message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"#,
                #"{"message":{"content":"Hi"},"done":false,"logprobs":[{"token":"Hi","logprob":-0.5,"bytes":[72,105]}]}"#,
                #"{"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}"#,
                #"{"message":{"content":"","tool_calls":[{"id":"c","function":{"name":"g"}}]},"done":false}"#, end, end,
            ]) == [
                "start none", "0 thinking hm", "1 text Hi", #"1 logprobs ["Hi -0.5"]"#, "2 call  f",
                #"2 arguments {"a":1}"#, "3 call c g", "3 arguments {}", "usage 3 2", "stop toolCalls",
            ]
        )
    }

    @Test func `the limit of the answer, errors and interruptions are told`() throws {
        let limited = #"{"message":{"content":"a"},"done":true,"done_reason":"length"}"#
        #expect(try read([limited]) == ["start none", "0 text a", "stop outputLimit"])
        #expect(try read([#"{"error":"model broke"}"#]) == ["failure upstream_failed"])
        #expect(
            try read([#"{"message":{"content":"a"},"done":false}"#])
                == ["start none", "0 text a", "failure upstream_stream_interrupted"]
        )
        #expect(throws: GatewayError.self) { try read(["<html>"]) }
    }

    @Test func `passing lines are told apart, and the last brings the figures`() {
        var observer = OllamaObserver()
        func role(_ line: String) -> String {
            Array((line + "\n").utf8).withUnsafeBytes { bytes in
                switch observer.observe(event: bytes, indexer: indexer) {
                case .content: "content"
                case .frame: "frame"
                case .withheld: "withheld"
                case .last: "last"
                case .failure(let error): error.code.rawValue
                }
            }
        }
        #expect(role(#"{"message":{"content":""},"done":false}"#) == "frame")
        #expect(role(#"{"message":{"content":"a\"done\":true"},"done":false}"#) == "content")
        #expect(role(end) == "last")
        #expect(observer.reported?.usage == Usage(input: 3, output: 2))
        #expect(role(#"{"error":"x"}"#) == "upstream_failed")
        let unseen = ReportedUsage(Usage(input: 0, output: 2))
        _ = Array(#"{"message":{},"done":true,"eval_count":2}"#.utf8).withUnsafeBytes {
            observer.observe(whole: $0, indexer: indexer)
        }
        #expect(observer.reported?.usage == unseen.usage)
        #expect(observer.reported?.lacksInput == true)
    }

    @Test func `a client streams unless it says otherwise`() throws {
        func envelope(_ text: String) throws -> Envelope {
            try indexer.read(Array(text.utf8)) {
                try OllamaDialect().envelope(of: $0, operation: .ollamaChat, path: PathFacts())
            }
        }
        let messages = #""messages":[{"role":"user","content":"a"}]"#
        #expect(try envelope(#"{"model":"m",\#(messages)}"#).isStream)
        #expect(try !envelope(#"{"model":"m","stream":false,\#(messages)}"#).isStream)
    }
}
