import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineAuthenticateTests {
    private let time = VirtualClock().now

    private func key(_ seed: UInt64, expiresAt: Timestamp? = nil) -> IssuedKey {
        var random = SeededRandom(seed: seed)
        return APIKey.issue(name: "k\(seed)", expiresAt: expiresAt, at: time, using: &random)
    }

    @Test(arguments: [SiraWire.Operation.chat, .messages])
    func `a missing, wrong, expired or revoked key is refused with what is the matter`(
        operation: SiraWire.Operation
    )
        async throws
    {
        let expired = key(1, expiresAt: time)
        var revoked = key(2).key
        revoked.revokedAt = time
        let bench = try Bench(keys: [expired.key, revoked])
        let body = operation == .chat ? Sample.chat : Sample.messages
        let cases: [(String?, String)] = [
            (nil, "missing_api_key"), ("", "missing_api_key"), ("sk-someone-elses", "invalid_api_key"),
            (key(3).text.reveal(), "invalid_api_key"), (bench.lane.keyText + "x", "invalid_api_key"),
            (expired.text.reveal(), "expired_api_key"), (key(2).text.reveal(), "revoked_api_key"),
        ]
        for (text, code) in cases {
            let client = bench.ask(body, operation, key: .some(text))
            #expect(client.status == 401 && client.code == code)
            #expect(client.error["type"] as? String == "authentication_error")
            #expect((client.json["type"] as? String == "error") == (operation == .messages))
        }
        #expect(bench.lane.transport.requests.isEmpty)
        #expect(try await bench.lane.records().isEmpty, "whoever was not let in may not fill the books")
    }

    @Test(arguments: ["authorization", "Authorization", "x-api-key", "X-Api-Key", "api-key"])
    func `a key is found wherever clients send it`(name: String) throws {
        let bench = try Bench()
        bench.script(.answer(.init(json: Sample.completion)))
        let value = (name.lowercased() == "authorization" ? "bEARER " : "") + bench.lane.keyText
        #expect(bench.ask(Sample.chat, key: .some(nil), headers: [(name, value)]).status == 200)
    }

    @Test func `a key that was made a moment ago is known, and an unknown one asked for once`() throws {
        let bench = try Bench()
        let fresh = key(4)
        bench.lane.facts.keys = KeyRing([bench.lane.key.key, fresh.key])
        bench.script(.answer(.init(json: Sample.completion)), .answer(.init(json: Sample.completion)))
        for _ in 0..<2 { #expect(bench.ask(Sample.chat, key: fresh.text.reveal()).status == 200) }
        #expect(bench.lane.facts.refreshes == 1)
        bench.ask(Sample.chat, key: key(5).text.reveal())
        #expect(bench.lane.facts.refreshes == 2)
        bench.ask(Sample.chat, key: "not of this gateway")
        #expect(bench.lane.facts.refreshes == 2, "what cannot be a key costs no look at the store")
    }

    @Test func `without a key one is served where the operator allows it`() async throws {
        for (access, hasKeys, isServed) in [
            (AnonymousAccess.always, true, true), (.untilFirstKey, true, false), (.untilFirstKey, false, true),
            (.never, false, false),
        ] {
            var policy = GatewayPolicy()
            policy.anonymous = access
            let bench = try Bench(policy: policy)
            if !hasKeys { bench.lane.context.keys = .empty }
            bench.script(.answer(.init(json: Sample.completion)))
            #expect(bench.ask(Sample.chat, key: .some(nil)).status == (isServed ? 200 : 401))
            #expect(try await bench.lane.records().map(\.key) == (isServed ? [""] : []))
        }
    }

    @Test func `where no key is needed, another's key is nobody's, and a wrong one of ours is wrong`() throws {
        var policy = GatewayPolicy()
        policy.anonymous = .always
        let bench = try Bench(policy: policy)
        bench.script(.answer(.init(json: Sample.completion)))
        #expect(bench.ask(Sample.chat, key: "sk-of-another-gateway").status == 200)
        #expect(bench.ask(Sample.chat, key: key(9).text.reveal()).status == 401)
    }
}
