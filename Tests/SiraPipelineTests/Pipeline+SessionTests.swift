import NIOCore
import SiraCore
import SiraLaneTesting
import SiraPipeline
import SiraStorage
import SiraTesting
import SiraWire
import Testing

@Suite struct PipelineSessionTests {
    /// A client that asks for a session, and what it has of one.
    final class Caller: SessionClient {
        let http = Client()
        let socket = ScriptedSocket()
        private(set) var accepted: HeaderFields?
        private(set) var subprotocol: String?
        private(set) var messageLimit = 0
        var isGone = false

        func accept(headers: HeaderFields, subprotocol: String?, messageLimit: Int) -> (any MessageSocket)? {
            guard !isGone else { return nil }
            (accepted, self.subprotocol, self.messageLimit) = (headers, subprotocol, messageLimit)
            return socket
        }

        var abort: AbortSignal { http.abort }
        var isWritable: Bool { http.isWritable }
        var onWritabilityChange: ((Bool) -> Void)? {
            get { http.onWritabilityChange }
            set { http.onWritabilityChange = newValue }
        }
        var hasStarted: Bool { http.hasStarted }
        func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
            http.sendHead(status: status, headers: headers, bodyLength: bodyLength)
        }
        func sendBody(_ piece: ByteBuffer) { http.sendBody(piece) }
        func sendEnd() { http.sendEnd() }
        func breakOff() { http.breakOff() }
        func flush() { http.flush() }
    }

    static let created = #"{"type":"response.created","response":{"id":"r"}}"#
    private static let delta = #"{"type":"response.output_text.delta","delta":"Hi"}"#

    /// 7 tokens in, 3 out: 38,000 nano-dollars at alpha.
    static func done(_ input: Int = 7, _ output: Int = 3) -> String {
        #"{"type":"response.done","response":{"status":"completed","usage":{"total_tokens":\#(input + output),"#
            + #""input_tokens":\#(input),"output_tokens":\#(output)}}}"#
    }

    /// Asks for a session, as far as that goes by itself.
    @discardableResult
    func ask(
        _ bench: Bench,
        model: String? = "small",
        key: String?? = .none,
        headers: [HeaderFields.Field] = [],
        query: [String] = [],
        subprotocols: [String] = [],
        caller: Caller = Caller()
    ) -> Caller {
        var fields = HeaderFields(headers)
        if let key = key ?? bench.lane.keyText { fields.append("authorization", "Bearer \(key)") }
        let inbound = Inbound(
            operation: .realtime,
            path: PathFacts(model: model, isStream: true),
            headers: fields,
            body: ByteBuffer(),
            startedAt: bench.lane.clock.now,
            startedUptime: bench.lane.clock.uptime,
            extraFields: []
        )
        let session = SessionRequest(inbound: inbound, query: query, dropped: ["extra"], subprotocols: subprotocols)
        bench.lane.loop.start { await bench.pipeline.hold(session, with: caller) }
        return caller
    }

    func open(
        _ bench: Bench,
        model: String = "alpha/small"
    ) -> (client: ScriptedSocket, provider: ScriptedSocket) {
        let provider = ScriptedSocket()
        bench.script(.socket(provider))
        let caller = ask(bench, model: model)
        return (caller.socket, provider)
    }

    func pass(_ time: Duration, _ bench: Bench) {
        bench.lane.clock.advance(by: time)
        bench.lane.context.tick()
        bench.settle()
    }

    // MARK: the handshake

    @Test func `a provider is asked for the model by its own name, with its own key`() throws {
        let bench = try Bench()
        bench.script(.socket(ScriptedSocket(), subprotocol: "realtime"))
        let caller = ask(
            bench,
            model: "either",
            headers: [
                ("OpenAI-Beta", "realtime=v1"), ("openai-safety-identifier", "u1"), ("upgrade", "websocket"),
                ("sec-websocket-key", "k"), ("x-other", "1"),
            ],
            query: ["intent=transcription"],
            subprotocols: ["realtime", "openai-beta.realtime-v1"]
        )
        let request = try #require(bench.lane.transport.requests.first)
        #expect(request.method == "GET")
        #expect(request.path == "/v1/realtime?model=small&intent=transcription")
        #expect(request.headers["authorization"] == "Bearer key-of-alpha")
        #expect(request.headers["openai-beta"] == "realtime=v1")
        #expect(request.headers["openai-safety-identifier"] == "u1")
        for name in ["upgrade", "sec-websocket-key", "x-other", "content-type"] {
            #expect(request.headers[name] == nil, "\(name)")
        }
        #expect(bench.lane.transport.offers.first?.subprotocols == ["realtime", "openai-beta.realtime-v1"])
        #expect(bench.lane.transport.offers.first?.messageLimit == 16_000_000)
        #expect(caller.subprotocol == "realtime")
        #expect(caller.messageLimit == 16_000_000)
        #expect(caller.accepted?["x-sira-provider"] == "alpha")
        #expect(caller.accepted?["x-sira-dropped"] == "extra")
        #expect(!caller.hasStarted)
    }

    @Test func `a browser is given a subprotocol even where the provider has chosen none`() throws {
        let bench = try Bench()
        bench.script(.socket(ScriptedSocket()), .socket(ScriptedSocket(), subprotocol: "unasked"))
        #expect(ask(bench, subprotocols: ["x", "realtime"]).subprotocol == "realtime")
        #expect(ask(bench, subprotocols: ["x"]).subprotocol == "x")
    }

    @Test func `a key is asked for, and must be allowed the model`() async throws {
        let bench = try Bench()
        #expect(ask(bench, key: .some(nil)).http.status == 401)
        #expect(ask(bench, key: "sk-sira-wrong").http.status == 401)
        #expect(ask(bench, model: nil).http.code == "invalid_field")
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `a provider that refuses is answered for over HTTP`() async throws {
        let bench = try Bench()
        bench.script(.answer(ScriptedAnswer(status: 401, json: #"{"error":{"message":"no"}}"#)))
        let caller = ask(bench, model: "alpha/small")
        #expect(caller.http.status == 502)
        #expect(caller.http.code == "upstream_authentication_failed")
        #expect(caller.accepted == nil)
        #expect(try await bench.record().cost == .zero)
    }

    @Test func `a model of a provider without sessions is refused`() throws {
        let bench = try Bench()
        #expect(ask(bench, model: "sonnet").http.code == "unsupported_feature")
    }

    @Test func `where one provider fails the next is asked`() async throws {
        let bench = try Bench()
        bench.script(
            .failure(GatewayError(.upstreamUnreachable, "away")),
            .socket(ScriptedSocket())
        )
        let caller = ask(bench)
        #expect(caller.accepted?["x-sira-provider"] == "beta")
        caller.socket.end(.closed(SocketClose(1000)))
        bench.settle()
        let records = try await bench.lane.records()
        #expect(records.map(\.attempt) == [1, 2])
        #expect(records.map(\.isFinal) == [false, true])
    }

    @Test func `a client that is gone by then leaves no provider waiting`() async throws {
        let bench = try Bench()
        let provider = ScriptedSocket()
        bench.script(.socket(provider))
        let caller = Caller()
        caller.isGone = true
        ask(bench, caller: caller)
        #expect(provider.closes == [SocketClose(1001)])
        #expect(try await bench.record().outcome == .cancelled)
    }

    // MARK: messages

    @Test func `messages pass both ways as they are`() throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        client.hear(#"{"type":"response.create"}"#)
        provider.hear(Self.delta)
        #expect(provider.sent.isEmpty && client.sent.isEmpty)
        bench.settle()
        #expect(provider.sent == [#"{"type":"response.create"}"#])
        #expect(client.sent == [Self.delta])
    }

    @Test func `what a client may not say it is told, and the session goes on`() throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        client.hear(#"{"type":"session.update","session":{"model":"large"}}"#)
        client.hear(#"{"type":"session.update","session":{"model":"alpha/small"}}"#)
        bench.settle()
        #expect(provider.sent == [#"{"type":"session.update","session":{"model":"small"}}"#])
        #expect(client.sent.count == 1)
        #expect(client.sent.first?.contains(#""type":"error""#) == true)
        #expect(client.closes.isEmpty)
    }

    @Test func `a side that takes nothing holds the other one back`() throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        client.isWritable = false
        #expect(provider.isPaused && !client.isPaused)
        client.isWritable = true
        #expect(!provider.isPaused)
        provider.isWritable = false
        client.hear("{}")
        #expect(client.isPaused && !provider.isPaused)
        provider.isWritable = true
        #expect(!client.isPaused)
    }

    // MARK: the books

    @Test func `each answer is a line that is written before the client sees its end`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        var journaled = -1
        client.onFlush = { journaled = bench.lane.journaledRecords }
        provider.hear(Self.created)
        bench.settle()
        #expect(journaled == 0)
        bench.lane.clock.advance(by: .milliseconds(300))
        provider.hear(Self.delta)
        bench.lane.clock.advance(by: .milliseconds(500))
        provider.hear(Self.done())
        bench.settle()
        #expect(journaled == 1)
        provider.hear(Self.created)
        provider.hear(Self.done(1_000_000, 0))
        client.end(.closed(SocketClose(1000, "bye")))
        bench.settle()
        #expect(provider.closes == [SocketClose(1000, "bye")])
        #expect(client.closes == [SocketClose(1000, "bye")])

        let records = try await bench.lane.records()
        #expect(records.map(\.attempt) == [1, 2, 3])
        #expect(records.map(\.isFinal) == [false, false, true])
        #expect(records.map(\.cost?.nanos) == [38_000, 2_000_000_000, 0])
        #expect(Set(records.map(\.request)).count == 1)
        #expect(records.allSatisfy { $0.status == 101 && $0.outcome == .ok && $0.operation == "realtime" })
        #expect(records[0].timeToFirstToken == 300_000)
        #expect(records[0].duration == 800_000)
        #expect(records[2].usage == Usage())
        #expect(bench.lane.context.runningRequests == 0)
        #expect(bench.lane.metric("sira_inflight_requests") == "0")
        #expect(bench.lane.metric("sira_open_streams") == "0")
    }

    @Test func `an answer that never ended has an unknown cost`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.hear(Self.created)
        client.end(.lost)
        bench.settle()
        #expect(provider.closes == [SocketClose(1001)])
        let records = try await bench.lane.records()
        #expect(records.map(\.cost) == [nil, .zero])
        #expect(records.map(\.outcome) == [.cancelled, .cancelled])
        #expect(records.map(\.isFinal) == [false, true])
    }

    @Test func `a transcription is booked with its own model, and an unknown price`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.hear(#"{"type":"session.updated","session":{"input_audio_transcription":{"model":"whisper-1"}}}"#)
        provider.hear(
            #"{"type":"conversation.item.input_audio_transcription.completed","usage":{"type":"duration","seconds":3}}"#
        )
        client.end(.closed(SocketClose(nil)))
        bench.settle()
        let records = try await bench.lane.records()
        #expect(records.map(\.model) == ["whisper-1", "small"])
        #expect(records.map(\.usageBasis) == [.provider, .provider])
        #expect(records.map(\.cost) == [nil, .zero])
    }

    // MARK: the end

    @Test func `a provider that is lost is told of, with an event and a code`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.hear(Self.created)
        provider.end(.lost)
        bench.settle()
        #expect(client.sent.last?.contains("upstream_stream_interrupted") == true)
        #expect(client.closes == [SocketClose(1011, "upstream_stream_interrupted")])
        let records = try await bench.lane.records()
        #expect(records.map(\.outcome) == [.upstreamError, .upstreamError])
    }

    @Test func `a provider's farewell is passed on`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.end(.closed(SocketClose(1000, "expired")))
        bench.settle()
        #expect(client.closes == [SocketClose(1000, "expired")])
        #expect(provider.closes == [SocketClose(1000, "expired")])
        #expect(try await bench.record().outcome == .ok)
    }

    @Test func `a provider's farewell with a complaint is a failure of its own`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.end(.closed(SocketClose(1011, "oops")))
        bench.settle()
        #expect(client.closes == [SocketClose(1011, "oops")])
        #expect(try await bench.record().errorCode == "upstream_stream_interrupted")
    }

    @Test func `a client that breaks the rules ends its session`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        client.end(.broken(1009, "a message is too large"))
        bench.settle()
        #expect(provider.closes == [SocketClose(1001)])
        #expect(try await bench.record().errorCode == "body_too_large")
    }

    @Test func `a session ends when its time is over`() async throws {
        var policy = GatewayPolicy()
        (policy.sessions.time, policy.sessions.silence) = (.seconds(60), .seconds(600))
        let bench = try Bench(policy: policy)
        let (client, provider) = open(bench)
        pass(.seconds(59), bench)
        #expect(client.closes.isEmpty)
        pass(.seconds(2), bench)
        #expect(client.sent.last?.contains("session_expired") == true)
        #expect(client.closes == [SocketClose(1001, "session_expired")])
        #expect(provider.closes == [SocketClose(1001)])
        #expect(try await bench.record().errorCode == "session_expired")
    }

    @Test func `a side without a sign of life is asked for one, and then given up`() async throws {
        var policy = GatewayPolicy()
        policy.sessions.silence = .seconds(20)
        let bench = try Bench(policy: policy)
        let (client, provider) = open(bench)
        pass(.seconds(11), bench)
        #expect((client.pings, provider.pings) == (1, 1))
        client.hearPong()
        pass(.seconds(8), bench)
        #expect(client.closes.isEmpty)
        pass(.seconds(2), bench)
        #expect(client.closes == [SocketClose(1011, "upstream_timeout")])
        #expect(try await bench.record().errorCode == "upstream_timeout")
    }

    @Test func `who takes nothing for too long is given up, though it talks`() async throws {
        var policy = GatewayPolicy()
        policy.sessions.silence = .seconds(20)
        let bench = try Bench(policy: policy)
        let (client, provider) = open(bench)
        client.isWritable = false
        for _ in 0..<4 {
            client.hear("{}")
            pass(.seconds(6), bench)
        }
        #expect(client.closes == [SocketClose(1001)])
        #expect(provider.closes == [SocketClose(1001)])
        #expect(try await bench.record().errorCode == "client_closed_request")
    }

    @Test func `a gateway that shuts down lets an answer end, and says where to go`() async throws {
        let bench = try Bench()
        let (client, provider) = open(bench)
        provider.hear(Self.created)
        bench.lane.context.isDraining = true
        pass(.milliseconds(100), bench)
        #expect(client.closes.isEmpty)
        provider.hear(Self.done())
        bench.settle()
        pass(.milliseconds(100), bench)
        #expect(client.closes.map(\.code) == [1001])
        #expect(client.sent.last == Self.done())
        let records = try await bench.lane.records()
        #expect(records.map(\.cost?.nanos) == [38_000, 0])
        #expect(ask(bench).http.code == "gateway_draining")
    }
}
