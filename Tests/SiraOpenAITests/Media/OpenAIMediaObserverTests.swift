import SiraCore
import SiraJSON
import SiraWire
import Testing

@testable import SiraOpenAI

@Suite struct OpenAIMediaObserverTests {
    private func whole(_ text: String, _ operation: SiraWire.Operation, cost: String? = nil) -> ReportedUsage? {
        var observer = OpenAIMediaObserver(operation: operation, costField: cost)
        Array(text.utf8).withUnsafeBytes { _ = observer.observe(whole: $0, indexer: JSONIndexer()) }
        return observer.reported
    }

    @Test func `tokens of pictures and of text are told apart`() throws {
        let read = try #require(
            whole(
                #"{"data":[{"b64_json":""},{}],"usage":{"input_tokens":221,"input_tokens_details":{"image_tokens":194,"#
                    + #""text_tokens":27},"output_tokens":415,"output_tokens_details":{"image_tokens":272},"total_tokens":636}}"#,
                .imageEdit
            )
        )
        #expect(read.usage.input == 221 && read.usage.inputImage == 194 && read.usage.output == 415)
        #expect(read.usage.outputImage == 272 && read.usage.images == 2 && !read.isPartial)
    }

    @Test func `pictures are counted where there is nothing else to count`() throws {
        let read = try #require(whole(#"{"created":1,"data":[{"url":"x"},{"url":"y"}]}"#, .imageGeneration))
        #expect(read.usage.images == 2 && !read.isPartial)
        #expect(whole(#"{"data":[]}"#, .imageGeneration) == nil)
    }

    @Test func `sound is counted in tokens or in time`() throws {
        let tokens = try #require(
            whole(
                #"{"text":"a","usage":{"type":"tokens","input_tokens":37,"input_token_details":{"audio_tokens":37},"output_tokens":9}}"#,
                .transcription
            )
        )
        #expect(tokens.usage.inputAudio == 37 && tokens.usage.output == 9 && tokens.usage.inputAudioTime == 0)
        let time = try #require(whole(#"{"text":"a","usage":{"type":"duration","seconds":3.2}}"#, .transcription))
        #expect(time.usage.inputAudioTime == 3_200 && time.usage.input == 0 && !time.isPartial)
    }

    @Test func `a ranking is counted in tokens or in searches`() throws {
        #expect(whole(#"{"data":[],"usage":{"total_tokens":57}}"#, .rerank)?.usage.input == 57)
        let searches = try #require(whole(#"{"results":[],"meta":{"billed_units":{"search_units":1}}}"#, .rerank))
        #expect(searches.usage.searchUnits == 1 && !searches.isPartial)
        let charged = whole(#"{"results":[],"usage":{"total_tokens":17,"cost":3.4e-7}}"#, .rerank, cost: "cost")
        #expect(charged?.charge == NanoUSD(nanos: 340))
    }

    @Test func `figures that are half there are half`() throws {
        #expect(whole(#"{"text":"a","usage":{"total_tokens":5}}"#, .transcription)?.isPartial == true)
        #expect(whole(#"{"text":"a","usage":{"input_tokens":-1,"output_tokens":1e99}}"#, .transcription) == nil)
    }

    @Test func `a body that is an error and no answer is one`() {
        var observer = OpenAIMediaObserver(operation: .imageGeneration, costField: nil)
        let error = Array(#"{"error":{"message":"no","type":"server_error"}}"#.utf8).withUnsafeBytes {
            observer.observe(whole: $0, indexer: JSONIndexer())
        }
        #expect(error?.code == .upstreamFailed && observer.reported == nil)
    }

    @Test func `a stream of typed events ends with its last one, with or without a last word`() {
        var observer = OpenAIMediaObserver(operation: .transcription, costField: nil)
        func role(_ data: String) -> EventRole {
            Array("data: \(data)\r\n\r\n".utf8).withUnsafeBytes { observer.observe(event: $0, indexer: JSONIndexer()) }
        }
        if case .content = role(#"{"type":"transcript.text.delta","delta":"a"}"#) {
        } else {
            Issue.record("a delta is content")
        }
        #expect(!observer.mayEnd && observer.contentEvents == 1)
        _ = role(#"{"type":"transcript.text.done","text":"a","usage":{"input_tokens":3,"output_tokens":4}}"#)
        #expect(observer.mayEnd && observer.reported?.usage.output == 4)
        if case .last = role("[DONE]") {} else { Issue.record("[DONE] is the last") }
        if case .failure = role(#"{"type":"error","error":{"message":"no"}}"#) {
        } else {
            Issue.record("an error is a failure")
        }
        if case .frame = role("garbage") {} else { Issue.record("garbage is nothing") }
    }
}
