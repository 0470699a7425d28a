import SiraTesting
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct CoherePairTests {
    @Test func `requests and answers that a third implementation has seen are written and read`() throws {
        try DifferentialExam(provider: "cohere.chat_v2").check(requests: 17, answers: 10, streams: 0)
    }
}
