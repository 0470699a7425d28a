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
        let excused = [
            "c4e1aadeffca40b1": "A limit of 100 tokens leaves no room for the least that the model thinks."
        ]
        try PairExam("request", from: "openai.responses", to: other, excusing: excused).checkRequests()
    }

    @Test(arguments: others)
    func `requests for Responses say what two other implementations make of them`(other: String) throws {
        let excused = [
            "19507e798fd29e1e": "A provider's own search of tools is named, not exchanged for another provider's."
        ]
        try PairExam("request", from: other, to: "openai.responses", excusing: excused).checkRequests()
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
        let excused = ["d91d08d8c451765e": "An answer that calls tools ends with that, not with a plain stop."]
        try PairExam("stream", from: "openai.responses", to: other, excusing: excused).checkStreams()
    }

    @Test(arguments: others)
    func `scenarios written by hand in both formats are translated with all their texts`(other: String) throws {
        try PairExam("equivalent_request", from: "openai.responses", to: other).checkEquivalents()
        try PairExam("equivalent_request", from: other, to: "openai.responses").checkEquivalents()
    }

    @Test(arguments: others)
    func `what cannot be translated in full is refused or named`(other: String) throws {
        let excused = [
            "9fad94fa227cf998":
                "A tool that takes free text is told as a function of one text, and its calls come back.",
            "eb2ddbd579ad4979": "Only some models refuse to give likelihoods, which is theirs to say.",
        ]
        for (from, to) in [("openai.responses", other), (other, "openai.responses")] {
            try PairExam("untranslatable", from: from, to: to, excusing: excused).checkUntranslatable()
        }
    }

    @Test func `streams are the same when they are told again`() throws {
        let exam = try PairExam("stream", from: "openai.responses", to: "openai.responses")
        #expect(!exam.pairs.isEmpty)
        try exam.checkStreams()
    }
}
