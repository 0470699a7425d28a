import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraBedrock

@Suite struct ConverseReaderTests {
    private let indexer = JSONIndexer()

    private func read(_ events: [(String, String)]) throws -> [AnswerEvent] {
        var reader = ConverseProvider().makeReader(isStream: true, quirks: Quirks())
        var read: [AnswerEvent] = []
        for (name, payload) in events {
            try StreamEvent.message(name, Array(payload.utf8)).withUnsafeBytes {
                try reader.read($0, indexer: indexer, into: &read)
            }
        }
        reader.finish(into: &read)
        return read
    }

    @Test func `a stream is read event by event`() throws {
        let events = try read([
            ("messageStart", #"{"role":"assistant","p":"abc"}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}"#),
            ("contentBlockStop", #"{"contentBlockIndex":0}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"Hi"}}"#),
            (
                "contentBlockDelta",
                #"{"contentBlockIndex":1,"delta":{"citation":{"title":"t","location":{"web":{"url":"u"}}}}}"#
            ),
            ("contentBlockStop", #"{"contentBlockIndex":1}"#),
            ("contentBlockStart", #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"a","name":"f"}}}"#),
            ("contentBlockStop", #"{"contentBlockIndex":2}"#),
            (
                "contentBlockStart",
                #"{"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"b","name":"g","type":"server_tool_use"}}}"#
            ),
            ("contentBlockDelta", #"{"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\"x\":"}}}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":3,"delta":{"toolUse":{"input":"1}"}}}"#),
            ("contentBlockStop", #"{"contentBlockIndex":3}"#),
            ("contentBlockStart", #"{"contentBlockIndex":4,"start":{"toolResult":{"toolUseId":"b"}}}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":4,"delta":{"toolResult":[{"json":{"y":2}}]}}"#),
            ("contentBlockStart", #"{"contentBlockIndex":5,"start":{"image":{"format":"webp"}}}"#),
            ("contentBlockDelta", #"{"contentBlockIndex":5,"delta":{"image":{"source":{"bytes":"aGk="}}}}"#),
            ("messageStop", #"{"stopReason":"tool_use"}"#),
            (
                "metadata",
                #"{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":12,"cacheReadInputTokens":4,"cacheWriteInputTokens":3}}"#
            ),
        ])
        #expect(
            events.map(\.summary) == [
                "start none", "0 thinking hm", "0 signature s", "1 text Hi", "1 citation u t", "2 call a f",
                "2 arguments {}",
                #"3 native {"toolUse":{"toolUseId":"b","name":"g","type":"server_tool_use","input":{"x":1}}}"#,
                #"4 native {"toolResult":{"toolUseId":"b","content":[{"json":{"y":2}}]}}"#,
                #"5 media base64(type: "image/webp", data: "aGk=")"#, "usage 10 2", "stop toolCalls",
            ]
        )
    }

    @Test func `figures of the cache are kept by lifetime`() throws {
        let events = try read([
            ("messageStop", #"{"stopReason":"end_turn"}"#),
            (
                "metadata",
                #"""
                {"usage":{"inputTokens":1,"outputTokens":2,"cacheWriteInputTokens":7,
                "cacheDetails":[{"ttl":"1h","inputTokens":5},{"ttl":"5m","inputTokens":2}]}}
                """#
            ),
        ])
        guard case .usage(let figures)? = events.first else {
            Issue.record("no figures")
            return
        }
        #expect(figures.usage.input == 8)
        #expect(figures.usage.cacheWrite == 2)
        #expect(figures.usage.cacheWriteLong == 5)
    }

    @Test(arguments: [
        ("throttlingException", ErrorCode.upstreamRateLimited), ("validationException", .upstreamRejected),
        ("modelStreamErrorException", .upstreamFailed), ("internalServerException", .upstreamFailed),
        ("serviceUnavailableException", .upstreamFailed), ("accessDeniedException", .upstreamAuthentication),
    ])
    func `an exception ends a stream as the error that it is`(type: String, code: ErrorCode) throws {
        var reader = ConverseProvider().makeReader(isStream: true, quirks: Quirks())
        var events: [AnswerEvent] = []
        try StreamEvent.exception(type, Array(#"{"message":"Slow down"}"#.utf8)).withUnsafeBytes {
            try reader.read($0, indexer: indexer, into: &events)
        }
        #expect(reader.isOver)
        #expect(events.map(\.summary) == ["failure \(code.rawValue)"])
    }

    @Test func `a stream that breaks off says so, one without figures is complete`() throws {
        let text = ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Hi"}}"#)
        #expect(try read([text]).map(\.summary) == ["0 text Hi", "failure upstream_stream_interrupted"])
        let stop = ("messageStop", #"{"stopReason":"max_tokens"}"#)
        #expect(try read([text, stop]).map(\.summary) == ["0 text Hi", "stop outputLimit"])
    }

    @Test func `an answer that the model has spoilt is billed and fails`() throws {
        let events = try read([
            ("messageStop", #"{"stopReason":"malformed_tool_use"}"#),
            ("metadata", #"{"usage":{"inputTokens":1,"outputTokens":2}}"#),
        ])
        #expect(events.map(\.summary) == ["usage 1 2", "failure upstream_failed"])
    }

    @Test(arguments: [
        ("end_turn", StopReason.complete), ("tool_use", .toolCalls), ("max_tokens", .outputLimit),
        ("stop_sequence", .stopString("END")), ("guardrail_intervened", .refusal), ("content_filtered", .refusal),
        ("model_context_window_exceeded", .contextLimit), ("new_reason", .complete),
    ])
    func `reasons to stop are told apart`(word: String, reason: StopReason) throws {
        let body = #"""
            {"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"\#(word)",
            "additionalModelResponseFields":{"stop_sequence":"END"},"serviceTier":{"type":"flex"}}
            """#
        var reader = ConverseProvider().makeReader(isStream: false, quirks: Quirks())
        var events: [AnswerEvent] = []
        try Array(body.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        #expect(events.map(\.summary) == ["start flex", "0 text Hi", "stop \(reason)"])
    }

    @Test func `what is no answer and no message is an error`() {
        for (bytes, isStream) in [("{}", false), ("<html>", false), ("", false), ("data: {}\n\n      ", true)] {
            var reader = ConverseProvider().makeReader(isStream: isStream, quirks: Quirks())
            var events: [AnswerEvent] = []
            let error = #expect(throws: GatewayError.self) {
                try Array(bytes.utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
            }
            #expect(error?.code == .upstreamProtocol)
        }
    }

    @Test func `thoughts that only their provider reads keep their bytes`() {
        for blob in ["RXU4RUNr", "/////w==", "", "ZGF0YTo7YmFzZTY0LHg="] {
            #expect(RedactedThought.blob(of: RedactedThought.data(of: blob)) == blob)
        }
        #expect(RedactedThought.data(of: "RXU4RUNr") == "Eu8ECk")
    }
}
