import SiraTesting
import SiraWire
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "the shared pairs are not here"))
struct OllamaPairTests {
    @Test func `requests and answers that a third implementation has seen are written and read`() throws {
        try DifferentialExam(provider: "ollama.chat").check(requests: 17, answers: 1, streams: 2)
    }

    @Test func `a conversation is written as another gateway writes it`() throws {
        let gateway = Gateway(provider: try #require(WireFormat.dialect("ollama.chat")))
        for pair in try Pair.all("request", from: "openai.chat", to: "ollama.chat") {
            let body = try Tree(gateway.request(pair.input.json, model: "llama2").body)
            #expect(body["messages"] == pair.expected["messages"])
        }
        for pair in try Pair.all("response", from: "ollama.chat", to: "openai.chat") {
            let message = try Tree(gateway.answer(pair.input.json))["choices"]["0"]["message"]
            #expect(message["content"] == pair.expected["choices"]["0"]["message"]["content"])
        }
    }
}
