import NIOCore
import SiraCore
import SiraGemini
import SiraTesting
import SiraWire
import Testing

@Suite struct GoogleAccountSignerTests {
    /// A lane on which requests are signed.
    private final class Lane {
        let loop = SteppedLoop()
        let clock = VirtualClock()
        let transport = ScriptedTransport()
        let signer: GoogleAccountSigner
        private(set) var tokens: [String] = []
        private(set) var errors: [GatewayError] = []

        init() throws {
            signer = GoogleAccountSigner(account: try GoogleAccount(SampleAccount.file()))
        }

        func sign() {
            loop.start {
                var request = Self.request
                do throws(GatewayError) {
                    try await self.signer.sign(&request, at: self.clock.now, through: self.transport)
                    self.tokens.append(request.headers["authorization"] ?? "none")
                } catch {
                    self.errors.append(error)
                }
            }
        }

        private static var request: UpstreamRequest {
            UpstreamRequest(
                endpoint: Endpoint(host: "a", port: 443, usesTLS: true),
                method: "POST",
                path: "/",
                headers: HeaderFields(),
                body: ByteBuffer(),
                timeouts: UpstreamTimeouts()
            )
        }

        func give(_ token: String, lifetime: Int = 3_600) {
            transport.turns.append(.answer(Self.answer(token, lifetime)))
        }

        static func answer(_ token: String, _ lifetime: Int = 3_600) -> ScriptedAnswer {
            ScriptedAnswer(json: #"{"access_token":"\#(token)","expires_in":\#(lifetime),"token_type":"Bearer"}"#)
        }
    }

    @Test func `a token is fetched by an assertion, and kept until shortly before its end`() throws {
        let lane = try Lane()
        lane.give("one")
        lane.give("two")
        lane.sign()
        lane.clock.advance(by: .seconds(3_299))
        lane.sign()
        #expect(lane.tokens == ["Bearer one", "Bearer one"])
        lane.clock.advance(by: .seconds(2))
        lane.sign()
        #expect(lane.tokens.last == "Bearer two")
        let exchange = try #require(lane.transport.requests.first)
        #expect(lane.transport.requests.count == 2)
        #expect(exchange.endpoint == Endpoint(host: "oauth2.googleapis.com", port: 443, usesTLS: true))
        #expect((exchange.method, exchange.path) == ("POST", "/token"))
        #expect(exchange.headers["content-type"] == "application/x-www-form-urlencoded")
        let form = String(buffer: exchange.body)
        #expect(form.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey"))
    }

    @Test func `those who wait for the same token fetch it once`() throws {
        let lane = try Lane()
        let answer = ScriptedAnswer()
        lane.transport.turns = [.answer(answer)]
        for _ in 0..<5 { lane.sign() }
        #expect(lane.tokens.isEmpty)
        answer.send(#"{"access_token":"one","expires_in":3600}"#)
        answer.end()
        lane.loop.run()
        #expect(lane.tokens == Array(repeating: "Bearer one", count: 5))
        #expect(lane.transport.requests.count == 1)
    }

    @Test func `while a token is renewed, others use the old one`() throws {
        let lane = try Lane()
        lane.give("one")
        lane.sign()
        lane.clock.advance(by: .seconds(3_400))
        let answer = ScriptedAnswer()
        lane.transport.turns = [.answer(answer)]
        lane.sign()
        lane.sign()
        #expect(lane.tokens == ["Bearer one", "Bearer one"])
        answer.send(#"{"access_token":"two","expires_in":3600}"#)
        answer.end()
        lane.loop.run()
        #expect(lane.tokens.last == "Bearer two")
    }

    @Test func `a renewal that fails leaves the old token in use until its end, and is tried again`() throws {
        let lane = try Lane()
        lane.give("one")
        lane.sign()
        lane.clock.advance(by: .seconds(3_400))
        lane.transport.turns = [.failure(GatewayError(.upstreamTimeout, "t"))]
        lane.sign()
        lane.sign()
        #expect(lane.tokens.count == 3)
        #expect(lane.transport.requests.count == 2)
        lane.clock.advance(by: .seconds(11))
        lane.give("two")
        lane.sign()
        #expect(lane.tokens.last == "Bearer two")
        lane.clock.advance(by: .seconds(3_600))
        lane.transport.turns = [.failure(GatewayError(.upstreamTimeout, "t"))]
        lane.sign()
        #expect(lane.errors.map(\.code) == [.upstreamAuthentication])
    }

    @Test func `a failure is told to all who waited, and the next one tries again`() throws {
        let lane = try Lane()
        let answer = ScriptedAnswer(status: 400)
        lane.transport.turns = [.answer(answer)]
        lane.sign()
        lane.sign()
        answer.send(#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#)
        answer.end()
        lane.loop.run()
        #expect(lane.errors.count == 2)
        #expect(lane.errors.allSatisfy { $0.code == .upstreamAuthentication && !$0.mayHaveBeenSent })
        #expect(lane.errors.first?.detail == "invalid_grant: Invalid JWT Signature.")
        lane.give("one")
        lane.sign()
        #expect(lane.tokens == ["Bearer one"])
    }

    @Test func `answers that hold no token are failures`() throws {
        for text in ["", "no JSON", "{}", #"{"access_token":""}"#, String(repeating: "x", count: 100_000)] {
            let lane = try Lane()
            lane.transport.turns = [.answer(ScriptedAnswer(json: text))]
            lane.sign()
            #expect(lane.errors.map(\.code) == [.upstreamAuthentication])
        }
        let lane = try Lane()
        let broken = ScriptedAnswer()
        broken.send(#"{"access_token":"one"}"#)
        broken.end(GatewayError(.upstreamInterrupted, "i"))
        lane.transport.turns = [.answer(broken)]
        lane.sign()
        #expect(lane.errors.count == 1)
    }

    @Test(arguments: [Int64.min, -1, 0, 99_999_999_999, Int64.max])
    func `lifetimes that nobody means do no harm`(lifetime: Int64) throws {
        let lane = try Lane()
        lane.transport.turns = [
            .answer(ScriptedAnswer(json: #"{"access_token":"one","expires_in":\#(lifetime)}"#))
        ]
        lane.sign()
        #expect(lane.tokens == ["Bearer one"])
    }
}
