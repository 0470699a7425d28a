import SiraCatalog
import SiraCore
import SiraPricing
import Testing

/// What usages as providers report them cost by the catalogue's prices, worked out by hand.
@Suite struct UsageTableTests {
    struct Line: CustomStringConvertible, Sendable {
        var provider: String
        var model: String
        var usage: Usage
        /// In dollars; nil for unknown.
        var cost: String?
        var why: String

        var description: String { "\(provider)/\(model): \(why)" }

        init(_ model: String, _ cost: String?, _ why: String, _ change: (inout Usage) -> Void) {
            let parts = model.split(separator: "/", maxSplits: 1)
            (provider, self.model) = (String(parts[0]), String(parts[1]))
            (self.cost, self.why) = (cost, why)
            usage = Usage()
            change(&usage)
        }
    }

    static let lines = [
        Line("openai/gpt-image-1", "0.00245", "10 of text at $5, 40 of a picture at $10, 50 made at $40") {
            ($0.input, $0.inputImage, $0.output, $0.outputImage, $0.images) = (50, 40, 50, 50, 1)
        },
        Line("openai/gpt-image-1", nil, "which of the cached tokens were pictures is not told") {
            ($0.input, $0.inputImage, $0.cacheRead, $0.output, $0.outputImage) = (300, 200, 100, 1_000, 1_000)
        },
        Line("openai/whisper-1", "0.00085", "8.5 seconds at 0.6 cents a minute") { $0.inputAudioTime = 8_500 },
        Line("openai/whisper-1", nil, "the time is not told") { $0.output = 12 },
        Line("groq/whisper-large-v3", "0.000000031", "1 ms at $0.111 an hour is 30.83 nano-dollars") {
            $0.inputAudioTime = 1
        },
        Line("openai/gpt-4o-transcribe", "0.000534", "14 of audio at $6 and 45 out at $10") {
            ($0.input, $0.inputAudio, $0.output, $0.inputAudioTime) = (14, 14, 45, 1_400)
        },
        Line("openai/gpt-4o-transcribe", nil, "only the time is told, which has no price") {
            $0.inputAudioTime = 9_000
        },
        Line("openai/gpt-4o-mini-transcribe-2025-12-15", "0.00045", "9 seconds at 0.3 cents a minute") {
            $0.inputAudioTime = 9_000
        },
        Line("openai/gpt-4o-mini-transcribe-2025-12-15", "0.00026", "tokens go before time: 128 at $1.25 and 20 at $5")
        {
            ($0.input, $0.inputAudio, $0.output, $0.inputAudioTime) = (128, 128, 20, 9_000)
        },
        Line("openai/tts-1", "0.000645", "43 characters at $15 a million") { $0.characters = 43 },
        Line("openai/tts-1", nil, "the characters are not told") { $0.outputAudioTime = 3_000 },
        Line("openai/gpt-4o", "0.000285", "pictures in the prompt are as dear as text: 90 at $2.50 and 6 at $10") {
            ($0.input, $0.inputImage, $0.output) = (90, 85, 6)
        },
        Line("aiml/dall-e-3", "0.104", "two pictures") { $0.images = 2 },
        Line("aiml/dall-e-3", nil, "how many pictures is not told") { $0.input = 10 },
        Line("gemini/gemini-2.5-flash-image", "0.0387021", "7 in at $0.30, 1,290 of a picture at $30") {
            ($0.input, $0.output, $0.outputImage, $0.images) = (7, 1_290, 1_290, 1)
        },
        Line("gemini/gemini-2.5-flash-image", nil, "whether the answer was a picture is not told") {
            ($0.input, $0.output) = (7, 1_290)
        },
        Line("cohere/rerank-v3.5", "0.002", "one search") { $0.searchUnits = 1 },
        Line("cohere/rerank-v3.5", "0.006", "three searches") { $0.searchUnits = 3 },
        Line("cohere/rerank-v5.0-fast", nil, "searches where tokens are billed") { $0.searchUnits = 1 },
        Line("cohere/rerank-v5.0-fast", "0.0001", "5,000 tokens at $0.02") {
            ($0.input, $0.searchUnits) = (5_000, 1)
        },
        Line(
            "mistral/voxtral-small-latest",
            "0.013787733",
            "203 s at $0.24 an hour, beside 4 at $0.10 and 635 at $0.40"
        ) {
            ($0.input, $0.output, $0.inputAudioTime) = (4, 635, 203_000)
        },
    ]

    @Test(arguments: lines) func `a usage costs what the provider's bill says`(line: Line) throws {
        let book = PriceBook(try Catalog.embedded())
        let tariff = try #require(book.tariff(provider: line.provider, model: line.model))
        #expect(tariff.cost(of: line.usage, at: TariffTests.now) == line.cost.flatMap { NanoUSD(decimal: $0) })
    }
}
