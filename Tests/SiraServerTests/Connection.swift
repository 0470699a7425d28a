import NIOCore
import NIOEmbedded
import SiraLaneTesting
import SiraPipeline
import SiraTesting
import SiraWire

@testable import SiraServer

/// A lane that serves connections, with providers that the test plays.
final class Server {
    let lane: LaneBench
    let front: LaneFront
    let count: ConnectionCount

    init(
        policy: GatewayPolicy = GatewayPolicy(),
        count: ConnectionCount = ConnectionCount(),
        _ change: (inout ServerSettings) -> Void = { _ in }
    ) throws {
        var settings = ServerSettings(
            limits: ServerLimits(
                headerBytes: 32_768,
                bodyBytes: 20_000_000,
                requestTime: .seconds(30),
                idleTime: .seconds(75),
                connections: 10_000,
                streamsPerConnection: 100
            )
        )
        change(&settings)
        self.count = count
        lane = try LaneBench(policy: policy)
        front = LaneFront(
            lane: Lane(loop: lane.loop),
            settings: settings,
            pipeline: Pipeline(lane.context),
            connectionCount: count,
            clock: lane.clock.gateway
        )
    }

    func connect() throws -> Connection { try Connection(to: self) }

    /// Lets time pass, as the lane's timer does.
    func pass(_ time: Duration) {
        lane.clock.advance(by: time)
        front.tick()
        lane.loop.run()
    }

    /// The bytes of a request for a chat.
    func chat(_ body: String, _ fields: String = "") -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nhost: sira\r\nx-api-key: \(lane.keyText)\r\n\(fields)"
            + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

/// A client's HTTP/1.1 connection, seen from the client.
final class Connection {
    let channel = EmbeddedChannel()
    let handler: HTTP1ServerConnection
    private let server: Server
    private let socket = Socket()

    fileprivate init(to server: Server) throws {
        self.server = server
        handler = HTTP1ServerConnection(front: server.front)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
        try channel.pipeline.syncOperations.addHandlers([socket, handler])
    }

    deinit {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// The client sends something; what comes of it happens.
    func send(_ text: String) throws {
        if channel.isActive { try channel.writeInbound(ByteBuffer(string: text)) }
        server.lane.loop.run()
    }

    /// What the client got since this was last asked.
    func received() throws -> String {
        server.lane.loop.run()
        var text = ""
        while let piece = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: piece) }
        return text
    }

    /// The statuses of the answers that the client got since it last looked.
    func statuses() throws -> [Int] {
        try received().components(after: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }

    /// The client leaves.
    func leave() {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
        server.lane.loop.run()
    }

    /// The client can take more, or cannot.
    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
        server.lane.loop.run()
    }

    var isOpen: Bool { channel.isActive }
    /// Whether the server has said its last word and only listens.
    var isHalfClosed: Bool { socket.isHalfClosed }

    var isReadPaused: Bool {
        channel.options.contains { ($0.option is ChannelOptions.Types.AutoReadOption) && ($0.value as? Bool) == false }
    }
}

/// Closes one direction where it is asked to, which an embedded channel does not.
private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private(set) var isHalfClosed = false

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        isHalfClosed = true
        promise?.succeed()
    }
}

extension String {
    fileprivate func components(after separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false).dropFirst().map { $0 }
    }
}
