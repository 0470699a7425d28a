import SiraAnthropic
import SiraCore
import SiraGemini
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct GeminiPairTests {
    private static let others = ["openai.chat", "anthropic.messages"]
    private static let gemini = "gemini.generateContent"

    @Test(arguments: others)
    func `requests to Gemini say what two other implementations make of them`(client: String) throws {
        let exam = try PairExam("request", from: client, to: Self.gemini, excusing: Self.excusedRequests)
        #expect(exam.pairs.count > 30)
        try exam.checkRequests()
    }

    @Test(arguments: others)
    func `requests of Gemini's clients say what two other implementations make of them`(provider: String) throws {
        let exam = try PairExam("request", from: Self.gemini, to: provider, excusing: Self.excusedRequests)
        #expect(exam.pairs.count > 20)
        try exam.checkRequests()
    }

    @Test(arguments: others)
    func `answers of Gemini say what two other implementations make of them`(client: String) throws {
        let exam = try PairExam("response", from: Self.gemini, to: client, excusing: Self.excusedAnswers)
        #expect(exam.pairs.count > 30)
        try exam.checkResponses()
    }

    @Test(arguments: others)
    func `answers to Gemini's clients say what two other implementations make of them`(provider: String) throws {
        let exam = try PairExam("response", from: provider, to: Self.gemini, excusing: Self.excusedAnswers)
        #expect(exam.pairs.count > 20)
        try exam.checkResponses()
    }

    @Test func `streams add up to what two other implementations make of them`() throws {
        try PairExam("stream", from: Self.gemini, to: "openai.chat", excusing: Self.excusedAnswers).checkStreams()
        try PairExam("stream", from: Self.gemini, to: "anthropic.messages").checkStreams()
        try PairExam("stream", from: "openai.chat", to: Self.gemini).checkStreams()
    }

    @Test(arguments: others)
    func `scenarios written by hand in both formats are accepted`(other: String) throws {
        try PairExam("equivalent_request", from: Self.gemini, to: other).checkEquivalents()
        try PairExam("equivalent_request", from: other, to: Self.gemini).checkEquivalents()
    }

    @Test(arguments: others)
    func `what has no translation is named or refused`(other: String) throws {
        try PairExam("untranslatable", from: Self.gemini, to: other, excusing: Self.excusedRequests)
            .checkUntranslatable()
        try PairExam("untranslatable", from: other, to: Self.gemini).checkUntranslatable()
    }

    @Test func `errors keep the provider's words and status`() throws {
        let pairs = try Pair.all("error", from: Self.gemini, to: "openai.chat")
        #expect(!pairs.isEmpty)
        let gateway = Gateway()
        for pair in pairs {
            let error = pair.input.json.withUnsafeBytes {
                GeminiDialect().readError(status: 400, body: $0, indexer: gateway.indexer)
            }
            #expect(error.status == 400)
            #expect(error.message == pair.expected["error"]["message"].string)
        }
    }

    /// Requests on which Sira differs, and why.
    private static let excusedRequests = [
        "9b3b6392b92552ce": "Anthropic's models do not speak, so the request is refused",
        "f0bd18ee53f8d2d1": "Anthropic's models do not speak, so the request is refused",
        "05fe12318ea0391d": "the default format goes without saying",
        "b60048d10965b428": "the output limit leaves room for the thoughts that are asked for",
    ]

    /// Answers on which Sira differs, and why.
    private static let excusedAnswers = [
        "f847d13608779f8b": "the stream breaks off, which is told as a failure",
        "357be05af4236e9e": "the stream is no events but JSON texts on lines, which Google does not send",
    ]
}
