import NIOCore
import NIOEmbedded
import SiraCore
import SiraTesting
import SiraWire

@testable import SiraUpstream

/// A request of the tests to `api.test`.
func someRequest(body: String = "{}", _ change: (inout UpstreamTimeouts) -> Void = { _ in }) -> UpstreamRequest {
    var timeouts = UpstreamTimeouts()
    change(&timeouts)
    return UpstreamRequest(
        endpoint: Endpoint(host: "api.test", port: 443, usesTLS: true),
        method: "POST",
        path: "/v1/chat/completions?a=b",
        headers: HeaderFields([("content-type", "application/json")]),
        body: ByteBuffer(string: body),
        timeouts: timeouts
    )
}

/// Takes a body and remembers what came.
final class Sink: BodySink {
    private(set) var text = ""
    /// One for each time that the end was told, which must be once.
    private(set) var ends: [GatewayError?] = []
    var onPiece: () -> Void = {}

    func received(_ piece: ByteBuffer) {
        text += String(buffer: piece)
        onPiece()
    }

    func ended(_ error: GatewayError?) { ends.append(error) }

    var isComplete: Bool { ends.count == 1 && ends[0] == nil }
    var code: ErrorCode? { ends.count == 1 ? ends[0]?.code : nil }
}

extension Exchange {
    /// What is told to who waits for the head of an exchange that is over.
    var failure: GatewayError? {
        guard isOver else { return nil }
        var failure: GatewayError?
        SteppedLoop().start {
            do throws(GatewayError) { try await self.waitForHead() } catch { failure = error }
        }
        return failure
    }
}

/// The gateway's end of an HTTP/1.1 connection; the test is the provider at the other.
final class Wire {
    let channel = EmbeddedChannel()
    let clock: VirtualClock
    let connection: HTTP1Connection
    /// How often the connection said that it is free.
    private(set) var timesIdle = 0

    init(clock: VirtualClock = VirtualClock(), onIdle: @escaping (HTTP1Connection) -> Void = { _ in }) throws {
        self.clock = clock
        var notify: (HTTP1Connection) -> Void = { _ in }
        connection = HTTP1Connection { notify($0) }
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
        notify = { [unowned self] in
            timesIdle += 1
            onIdle($0)
        }
    }

    deinit { channel.embeddedEventLoop.run() }

    /// Starts an exchange.
    func ask(_ request: UpstreamRequest = someRequest()) -> Exchange {
        let exchange = Exchange(request, uptime: clock.gateway.uptime) { _ in }
        connection.start(exchange)
        return exchange
    }

    /// What the provider was sent since this was last asked.
    func sent() throws -> String {
        var text = ""
        while let piece = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: piece) }
        return text
    }

    /// The provider says something.
    func say(_ text: String) throws {
        guard channel.isActive else { return }
        try channel.writeInbound(ByteBuffer(string: text))
    }

    /// The provider closes the connection.
    func hangUp() {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// The system says that the connection has failed.
    func fail(_ error: any Error) {
        channel.pipeline.fireErrorCaught(error)
    }

    /// Whether nothing more is read from the connection.
    var isPaused: Bool {
        channel.options.contains { ($0.option is ChannelOptions.Types.AutoReadOption) && ($0.value as? Bool) == false }
    }

    var isOpen: Bool { channel.isActive }
}
