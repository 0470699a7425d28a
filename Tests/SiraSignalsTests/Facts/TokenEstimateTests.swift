import SiraJSON
import SiraSignals
import SiraWire
import Testing

@Suite struct TokenEstimateTests {
    private func tokens(_ text: String) -> Int { RequestFactsTests.facts(text).promptTokens }

    @Test func `English is about four bytes a token`() {
        let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 40)
        // 401 tokens with o200k.
        #expect((380...520).contains(tokens(text)))
    }

    @Test func `Chinese is about seven tokens for ten characters`() {
        let text = String(repeating: "春天来了，花儿都开了，孩子们在公园里玩。", count: 50)
        #expect((600...760).contains(tokens(text)))
    }

    @Test func `scripts are weighed one by one`() {
        let english = tokens(String(repeating: "word ", count: 200))
        let chinese = tokens(String(repeating: "汉字", count: 200))
        let mixed = tokens(String(repeating: "word ", count: 200) + String(repeating: "汉字", count: 200))
        #expect(abs(mixed - english - chinese) < 12)
        #expect(tokens(String(repeating: "слово ", count: 100)) > 200)
        #expect(tokens(String(repeating: "🙂", count: 100)) > 100)
    }

    @Test func `a prompt far longer than what is looked at is counted in whole`() {
        let piece = "The quick brown fox jumps over the lazy dog. "
        let short = tokens(String(repeating: piece, count: 100))
        let long = tokens(String(repeating: piece, count: 100_000))
        #expect(abs(Double(long) / Double(short) - 1_000) < 10)
    }

    @Test func `instructions in one language and words in another are counted each in its own`() {
        let call = RequestFactsTests.call(
            String(repeating: "汉字", count: 5_000),
            instructions: String(repeating: "word ", count: 5_000)
        )
        #expect((12_500...14_500).contains(RequestFacts(of: call).promptTokens))
    }

    @Test func `an image is 800 tokens, and 85 where little detail is wanted`() {
        func tokens(_ detail: String?) -> Int {
            let image = PartContent.image(.url("https://example.com/a.png"), detail: detail)
            return RequestFacts(of: Call(turns: [RequestFactsTests.turn(.user, image)])).promptTokens
        }
        #expect(tokens(nil) == 804)
        #expect(tokens("low") == 89)
    }

    @Test func `schemas of tools and of the answer count by their bytes`() {
        var call = RequestFactsTests.call("Hi")
        let before = RequestFacts(of: call).promptTokens
        let schema = RawJSON("{" + String(repeating: " ", count: 3_998) + "}")
        call.tools = [.function(FunctionTool(name: "f", description: nil, parameters: schema))]
        let with = RequestFacts(of: call).promptTokens
        #expect((1_000...1_010).contains(with - before))
        call.outputFormat = .jsonSchema(OutputSchema(name: nil, description: nil, schema: schema, isStrict: nil))
        #expect(RequestFacts(of: call).promptTokens - with == 1_000)
    }

    @Test func `recordings and files count by their size where they are in the request`() {
        func tokens(_ content: PartContent) -> Int {
            RequestFacts(of: Call(turns: [RequestFactsTests.turn(.user, content)])).promptTokens
        }
        // A megabyte of sound is a minute at 128 kbit/s.
        let sound = Media.base64(type: "audio/mp3", data: String(repeating: "A", count: 1_280_000))
        #expect((1_800...2_000).contains(tokens(.audio(sound))))
        #expect(tokens(.document(Document(source: .media(.file(id: "f")), name: nil))) == 1_504)
        let text = String(repeating: "word ", count: 800)
        #expect(tokens(.document(Document(source: .text(text), name: nil))) == 1_004)
    }
}
