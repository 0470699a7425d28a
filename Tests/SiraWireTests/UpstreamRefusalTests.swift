import SiraCore
import SiraWire
import Testing

@Suite struct UpstreamRefusalTests {
    @Test(arguments: [
        (400, ErrorCode.upstreamRejected), (401, .upstreamAuthentication), (402, .upstreamAuthentication),
        (403, .upstreamAuthentication),
        (404, .upstreamRejected), (408, .upstreamFailed), (413, .upstreamRejected), (422, .upstreamRejected),
        (429, .upstreamRateLimited), (500, .upstreamFailed), (503, .upstreamFailed), (504, .upstreamFailed),
        (529, .upstreamFailed), (302, .upstreamProtocol),
    ])
    func `a status has its code`(status: Int, code: ErrorCode) {
        let error = GatewayError.refusal(status: status, saying: "words")
        #expect(error.code == code)
        #expect(error.upstreamStatus == status)
    }

    @Test func `what a provider says of the operator's account is not passed on`() {
        for status in [401, 403, 429] {
            #expect(
                !GatewayError.refusal(status: status, saying: "key sk-secret of org-1").message.contains("sk-secret")
            )
        }
    }

    @Test func `a refused request keeps the provider's words and status`() {
        let error = GatewayError.refusal(status: 422, saying: "no such thing")
        #expect(error.message == "no such thing")
        #expect(error.status == 422)
    }

    @Test(arguments: [
        (404, nil), (404, "Not Found"), (404, "404 page not found"), (405, "Method Not Allowed"), (405, nil),
        (404, "Invalid URL (POST /v2/chat/completions)"), (404, "no Route matched with those values"),
    ])
    func `a provider that has nothing at the path was given a wrong base URL`(status: Int, message: String?) {
        let error = GatewayError.refusal(status: status, saying: message)
        #expect(error.code == .upstreamProtocol && error.status == 502)
        #expect(error.message.contains("base URL"))
    }

    @Test(arguments: ["The model `x` does not exist", "model: x", "model 'x' not found, try pulling it first"])
    func `a provider that lacks the model says so itself`(message: String) {
        #expect(GatewayError.refusal(status: 404, saying: message).code == .upstreamRejected)
    }

    @Test func `long words are cut`() {
        let error = GatewayError.refusal(status: 400, saying: String(repeating: "x", count: 100_000))
        #expect(error.message.count < 1_100)
    }
}
