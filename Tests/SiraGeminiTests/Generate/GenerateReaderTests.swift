import SiraCore
import SiraGemini
import SiraJSON
import SiraWire
import Testing

@Suite struct GenerateReaderTests {
    @Test func `thoughts, text, calls and their proofs are told apart`() throws {
        let events = try GenerateCase.read(
            #"""
            {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"yes","thoughtSignature":"s1"},
            {"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"s2"},{"functionCall":{"id":"x","name":"g"}}]},
            "finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}}
            """#
        )
        #expect(
            events == [
                "start none", "0 thinking hm", "1 text yes", "1 signature s1", "2 call  f", "2 signature s2",
                #"2 arguments {"a":1}"#, "3 call x g", "3 arguments {}", "usage 1 2", "stop toolCalls",
            ]
        )
    }

    @Test func `text goes on from chunk to chunk, and the end is told last`() throws {
        let events = try GenerateCase.read(stream: [
            #"{"candidates":[{"content":{"parts":[{"text":"a","thought":true}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"b"}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"c"}]},"finishReason":"MAX_TOKENS"}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"s"}]}}],"#
                + #""usageMetadata":{"promptTokenCount":1,"totalTokenCount":4}}"#,
        ])
        #expect(
            events == [
                "start none", "0 thinking a", "1 text b", "1 text c", "1 signature s", "usage 1 3", "stop outputLimit",
            ]
        )
    }

    @Test func `several answers are told apart`() throws {
        let events = try GenerateCase.read(stream: [
            #"{"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]}},{"index":1,"content":{"parts":[{"text":"b"}]}}]}"#,
            #"{"candidates":[{"index":1,"content":{"parts":[{"text":"c"}]},"finishReason":"STOP"}]}"#,
            #"{"candidates":[{"index":0,"content":{"parts":[{"text":"d"}]},"finishReason":"SAFETY"}]}"#,
        ])
        #expect(
            events == [
                "start none", "0 text a", "choice 1", "1 text b", "1 text c", "choice 0", "0 text d", "stop refusal",
                "choice 1", "stop complete",
            ]
        )
    }

    @Test func `arguments that come in pieces are put together`() throws {
        let events = try GenerateCase.read(stream: [
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"x","#
                + #""willContinue":true}],"willContinue":true}}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"y"},"#
                + #"{"jsonPath":"$.l[0].n","numberValue":1.5},{"jsonPath":"$['l'][1]","boolValue":true},"#
                + #"{"jsonPath":"$.z","nullValue":"NULL_VALUE"},{"jsonPath":"$.l[9]","numberValue":1},"#
                + #"{"jsonPath":"no"}],"willContinue":true}}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{}}]},"finishReason":"STOP"}]}"#,
        ])
        #expect(
            events == [
                "start none", "0 call  f", #"0 arguments {"a":"xy","l":[{"n":1.5},true],"z":null}"#, "stop toolCalls",
            ]
        )
    }

    @Test func `bytes, addresses and blocks of Google's own are passed on`() throws {
        let events = try GenerateCase.read(
            #"""
            {"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"QQ=="}},
            {"inlineData":{"mimeType":"audio/L16;rate=24000","data":"Qg=="}},{"fileData":{"fileUri":"gs://a"}},
            {"executableCode":{"code":"1"}},{"thoughtSignature":"s"}]},"finishReason":"STOP"}]}
            """#
        )
        #expect(
            events == [
                "start none", #"0 media base64(type: "image/png", data: "QQ==")"#, "1 audio Qg==",
                #"2 media url("gs://a")"#, #"3 native {"executableCode":{"code":"1"}}"#, "stop complete",
            ]
        )
    }

    @Test func `sources are citations of the words that they support`() throws {
        let body = #"""
            {"candidates":[{"content":{"parts":[{"text":"Äpfel sind rot."}]},"finishReason":"STOP","groundingMetadata":
            {"groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"retrievedContext":{"title":"B","text":"q"}}],
            "groundingSupports":[{"segment":{"startIndex":7,"endIndex":11},"groundingChunkIndices":[0,7]},
            {"segment":{"endIndex":9999},"groundingChunkIndices":[1]}]},"citationMetadata":{"citations":[{},
            {"uri":"https://c","startIndex":0,"endIndex":6}]}}]}
            """#
        let events = try GenerateCase.read(Array(body.utf8), isStream: false)
        let citations = events.compactMap { if case .citation(_, let citation) = $0 { citation } else { nil } }
        #expect(citations.map(\.url) == ["https://c", "https://a", nil])
        #expect(citations.map(\.range) == [0..<5, 6..<10, nil])
        #expect(citations.map(\.quote) == [nil, nil, "q"])
        #expect(citations.map(\.title) == [nil, "A", "B"])
    }

    @Test func `likelihoods come with their alternatives`() throws {
        let body = #"""
            {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","logprobsResult":{"topCandidates":
            [{"candidates":[{"token":"a","logProbability":-0.5},{"token":"b","logProbability":-1}]}],
            "chosenCandidates":[{"token":"a","tokenId":3,"logProbability":-0.5}]}}]}
            """#
        let events = try GenerateCase.read(Array(body.utf8), isStream: false)
        guard
            case .logprobs(part: 0, let tokens)? = events.first(where: {
                if case .logprobs = $0 { true } else { false }
            })
        else { Issue.record("\(events)"); return }
        #expect(tokens.map(\.logprob) == [-0.5])
        #expect(tokens.first?.alternatives.map(\.token) == ["a", "b"])
    }

    @Test func `a prompt that is blocked is a refusal`() throws {
        let events = try GenerateCase.read(#"{"promptFeedback":{"blockReason":"SAFETY"}}"#)
        #expect(events == ["start none", "0 refusal The prompt was blocked (SAFETY).", "stop refusal"])
    }

    @Test(arguments: [
        ("SAFETY", "stop refusal"), ("RECITATION", "stop refusal"), ("STOP", "stop complete"),
        ("MAX_TOKENS", "stop outputLimit"), ("MALFORMED_FUNCTION_CALL", "failure upstream_failed"),
        ("SOMETHING_NEW", "stop complete"),
    ])
    func `an answer without content says why`(reason: String, last: String) throws {
        let events = try GenerateCase.read(#"{"candidates":[{"finishReason":"\#(reason)"}]}"#)
        #expect(events.last == last)
    }

    @Test(arguments: ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "OTHER"])
    func `an answer that broke off is a failure, whatever came before`(reason: String) throws {
        for part in [#"{"text":"a"}"#, #"{"functionCall":{"name":"f","args":{}}}"#] {
            let chunk = #"{"candidates":[{"content":{"parts":[\#(part)]},"finishReason":"\#(reason)"}]}"#
            let isWhole = part.contains("Call") && reason == "UNEXPECTED_TOOL_CALL"
            let last = isWhole ? "stop toolCalls" : "failure upstream_failed"
            #expect(try GenerateCase.read(chunk).last == last)
            #expect(try GenerateCase.read(stream: [chunk]).last == last)
        }
    }

    @Test func `errors, early ends and what is no answer are failures`() throws {
        let error = #"{"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED"}}"#
        #expect(try GenerateCase.read("[\(error)]") == ["failure upstream_rate_limited"])
        #expect(try GenerateCase.read(stream: [error]) == ["failure upstream_rate_limited"])
        let text = #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#
        #expect(try GenerateCase.read(stream: [text]).last == "failure upstream_stream_interrupted")
        #expect(try GenerateCase.read(stream: []).last == "failure upstream_stream_interrupted")
        #expect(try GenerateCase.read(text).last == "stop complete")
        #expect(throws: GatewayError.self) { try GenerateCase.read("no JSON") }
    }

    @Test func `numbers that nobody means do no harm`() throws {
        for number in ["-1", "128", "1e300", "99999999999999999999", "-9223372036854775808", "\"0\""] {
            let events = try GenerateCase.read(
                #"{"candidates":[{"index":\#(number),"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","#
                    + #""groundingMetadata":{"groundingChunks":[{}],"groundingSupports":[{"groundingChunkIndices":"#
                    + #"[\#(number)],"segment":{"startIndex":\#(number),"endIndex":\#(number)}}]}}]}"#
            )
            #expect(events.last == "failure upstream_stream_interrupted", "\(number)")
        }
    }
}
