import SiraCore
import SiraOpenAI
import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct ResponsesPairTests {
    private static let others = ["openai.chat", "anthropic.messages"]

    @Test(arguments: others)
    func `requests of Responses say what two other implementations make of them`(other: String) throws {
        try PairExam("request", from: "openai.responses", to: other).checkRequests()
    }

    @Test(arguments: others)
    func `requests for Responses say what two other implementations make of them`(other: String) throws {
        try PairExam("request", from: other, to: "openai.responses").checkRequests()
    }

    @Test(arguments: others)
    func `answers to clients of Responses say what two other implementations make of them`(other: String) throws {
        try PairExam("response", from: other, to: "openai.responses").checkResponses()
    }

    @Test(arguments: others)
    func `answers from providers of Responses say what two other implementations make of them`(other: String) throws {
        try PairExam("response", from: "openai.responses", to: other).checkResponses()
    }

    @Test(arguments: others)
    func `streams to clients of Responses add up to what two other implementations make of them`(other: String) throws {
        try PairExam("stream", from: other, to: "openai.responses").checkStreams()
    }

    @Test(arguments: others)
    func `streams from providers of Responses add up to what others make of them`(other: String) throws {
        try PairExam("stream", from: "openai.responses", to: other).checkStreams()
    }

    @Test(arguments: others)
    func `scenarios written by hand in both formats are translated with all their texts`(other: String) throws {
        try PairExam("equivalent_request", from: "openai.responses", to: other).checkEquivalents()
        try PairExam("equivalent_request", from: other, to: "openai.responses").checkEquivalents()
    }

    @Test(arguments: others)
    func `what cannot be translated in full is refused or named`(other: String) throws {
        try PairExam("untranslatable", from: "openai.responses", to: other).checkUntranslatable()
        try PairExam("untranslatable", from: other, to: "openai.responses").checkUntranslatable()
    }

    @Test func `answers are the same when they are told again`() throws {
        let exam = try PairExam("response", from: "openai.responses", to: "openai.responses")
        #expect(!exam.pairs.isEmpty)
        try exam.checkResponses()
        try PairExam("stream", from: "openai.responses", to: "openai.responses").checkStreams()
    }
}
