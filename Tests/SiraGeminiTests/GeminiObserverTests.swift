import SiraCore
import SiraGemini
import SiraJSON
import SiraWire
import Testing

@Suite struct GeminiObserverTests {
    private func observer(_ operation: SiraWire.Operation = .generate) -> any AnswerObserver {
        GeminiDialect().makeObserver(operation, isStream: true, withholdsUsage: false, quirks: Quirks())
    }

    private func observe(_ chunks: [String], _ observer: inout any AnswerObserver) -> [EventRole] {
        chunks.map { chunk in
            Array("data: \(chunk)\r\n\r\n".utf8).withUnsafeBytes {
                observer.observe(event: $0, indexer: JSONIndexer())
            }
        }
    }

    private func usage(_ metadata: String) -> ReportedUsage? {
        var observer = observer()
        _ = observe([#"{"usageMetadata":\#(metadata)}"#], &observer)
        return observer.reported
    }

    @Test func `the last figures of a stream count, and it may end once it has said why`() {
        var observer = observer()
        let roles = observe(
            [
                #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":3}}"#,
                #"{"candidates":[{"content":{"parts":[{"text":""}]}}],"usageMetadata":{"trafficType":"ON_DEMAND"}}"#,
            ],
            &observer
        )
        #expect(!observer.mayEnd)
        #expect(observer.reported?.usage.input == 3)
        #expect(observer.reported?.lacksOutput == true)
        #expect(observer.contentEvents == 1)
        guard case .content = roles[0], case .frame = roles[1] else { Issue.record("\(roles)"); return }
        _ = observe(
            [
                #"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"#
                    + #""candidatesTokenCount":4,"thoughtsTokenCount":5,"totalTokenCount":12}}"#
            ],
            &observer
        )
        #expect(observer.mayEnd)
        #expect(observer.reported?.usage.output == 9)
        #expect(observer.reported?.usage.reasoning == 5)
        #expect(observer.reported?.isPartial == false)
    }

    @Test func `parts of prompt and answer are told`() throws {
        let read = try #require(
            usage(
                #"{"promptTokenCount":100,"toolUsePromptTokenCount":20,"cachedContentTokenCount":40,"#
                    + #""candidatesTokenCount":30,"totalTokenCount":150,"promptTokensDetails":[{"modality":"AUDIO","#
                    + #""tokenCount":7},{"modality":"IMAGE","tokenCount":8},{"modality":"TEXT","tokenCount":85}],"#
                    + #""candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":29}]}"#
            )
        )
        #expect(read.usage.input == 120)
        #expect(read.usage.toolPrompt == 20)
        #expect(read.usage.cacheRead == 40)
        #expect((read.usage.inputAudio, read.usage.inputImage) == (7, 8))
        #expect((read.usage.output, read.usage.outputImage) == (30, 29))
    }

    @Test func `what is left out is the rest of the total, or missing`() {
        #expect(usage(#"{"promptTokenCount":10,"thoughtsTokenCount":5,"totalTokenCount":18}"#)?.usage.output == 8)
        #expect(usage(#"{"candidatesTokenCount":10,"totalTokenCount":18}"#)?.usage.input == 8)
        #expect(usage(#"{"promptTokenCount":10}"#)?.lacksOutput == true)
        #expect(usage(#"{"candidatesTokenCount":10}"#)?.lacksInput == true)
        #expect(usage(#"{"promptTokenCount":-1,"totalTokenCount":1e40}"#) == nil)
        // Some servers count thoughts among the answer's tokens.
        let inclusive = usage(
            #"{"promptTokenCount":10,"candidatesTokenCount":8,"thoughtsTokenCount":5,"totalTokenCount":18}"#
        )
        #expect(inclusive?.usage.output == 8)
    }

    @Test(arguments: [("gemini-2.5-pro", 1), ("gemini-3-pro", 2), ("gemini-flash-latest", 2)])
    func `searches are counted as they are billed`(model: String, count: Int) {
        var observer = observer()
        _ = observe(
            [
                #"{"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}}],"#
                    + #""usageMetadata":{"promptTokenCount":1,"totalTokenCount":2},"modelVersion":"\#(model)"}"#
            ],
            &observer
        )
        #expect(observer.reported?.usage.webSearches == count)
    }

    @Test func `an error in a stream is a failure`() {
        var observer = observer()
        let roles = observe([#"{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}"#], &observer)
        guard case .failure(let error) = roles[0] else { Issue.record("\(roles)"); return }
        #expect(error.code == .upstreamFailed)
        #expect(error.message.contains("Overloaded."))
    }

    @Test func `whole answers, arrays and errors in lists are told apart`() {
        let answer = #"{"candidates":[],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":3}}"#
        for text in [answer, "[{\"candidates\":[]},\(answer)]"] {
            var observer = observer()
            #expect(whole(text, &observer) == nil)
            #expect(observer.reported?.usage.total == 3)
        }
        var observer = observer()
        #expect(whole(#"[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}]"#, &observer) == .upstreamRateLimited)
        #expect(whole("no JSON", &observer) == nil)
    }

    @Test func `counting is free, and embeddings have no answer`() {
        var counting = observer(.geminiCountTokens)
        _ = whole(#"{"totalTokens":8}"#, &counting)
        #expect(counting.reported == ReportedUsage(Usage()))
        var embedding = observer(.embedContent)
        _ = whole(#"{"embedding":{"values":[]},"usageMetadata":{"promptTokenCount":8}}"#, &embedding)
        #expect(embedding.reported == ReportedUsage(Usage(input: 8, output: 0)))
    }

    private func whole(_ text: String, _ observer: inout any AnswerObserver) -> ErrorCode? {
        Array(text.utf8).withUnsafeBytes { observer.observe(whole: $0, indexer: JSONIndexer()) }?.code
    }
}
