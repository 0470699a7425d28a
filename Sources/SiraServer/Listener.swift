package import NIOCore
import NIOHTTP2
package import NIOPosix
import NIOSSL
import NIOTLS
import SiraCore
import SiraPipeline

/// The API's listening socket.
package enum Listener {
    /// Opens the socket and serves each connection on the lane that its event loop belongs to.
    ///
    /// - Parameters:
    ///   - group: the event loops of the lanes.
    ///   - front: what serves the connections of an event loop; called on it.
    package static func bind(
        _ settings: ServerSettings,
        group: MultiThreadedEventLoopGroup,
        front: @escaping @Sendable (any EventLoop) -> LaneFront
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configure(channel, settings: settings, front: front(channel.eventLoop))
                }
            }
            .bind(host: settings.host, port: settings.port)
            .get()
    }

    private static func configure(_ channel: any Channel, settings: ServerSettings, front: LaneFront) throws {
        let pipeline = channel.pipeline.syncOperations
        guard let tls = settings.tls else {
            return try pipeline.addHandler(VersionSniffer(front: front))
        }
        try pipeline.addHandlers([NIOSSLServerHandler(context: tls), VersionNegotiation(front: front)])
    }

    fileprivate static func addHTTP1(_ pipeline: ChannelPipeline.SynchronousOperations, front: LaneFront) throws {
        try pipeline.addHandler(HTTP1ServerConnection(front: front))
    }

    fileprivate static func addHTTP2(_ pipeline: ChannelPipeline.SynchronousOperations, front: LaneFront) throws {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: front.settings.limits.streamsPerConnection),
            // Twice what is allowed: up to there the client gets an answer, and only beyond it the connection ends.
            HTTP2Setting(parameter: .maxHeaderListSize, value: 2 * front.settings.limits.headerBytes),
            // Room for a body of some size without a pause for window updates.
            HTTP2Setting(parameter: .initialWindowSize, value: 1_048_576),
        ]
        let loop = pipeline.eventLoop
        let owner = HTTP2ServerConnection(front: front)
        let bound = NIOLoopBound((front, owner), eventLoop: loop)
        let farewell = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: loop,
            // The lane looks after the times.
            configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)
        )
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: connection,
            streamConfiguration: .init(),
            streamDelegate: farewell.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (front, owner) = bound.value
                try stream.pipeline.syncOperations.addHandler(HTTP2ServerStream(front: front, connection: owner))
            }
        }
        try pipeline.addHandlers([farewell, owner])
    }
}

/// On a connection in the clear, tells HTTP/2 with prior knowledge (RFC 9113, section 3.3) from HTTP/1.1 by the
/// first bytes.
private final class VersionSniffer: ArrivingConnection, ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var received = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        received.writeBuffer(&piece)
        let preface = "PRI * HTTP/2.0".utf8
        guard received.readableBytesView.starts(with: preface) || !preface.starts(with: received.readableBytesView)
        else {
            return  // so far it could be either
        }
        do {
            let pipeline = context.pipeline.syncOperations
            giveWay()
            if received.readableBytesView.starts(with: preface) {
                try Listener.addHTTP2(pipeline, front: front)
            } else {
                try Listener.addHTTP1(pipeline, front: front)
            }
            context.fireChannelRead(NIOAny(received))
            context.fireChannelReadComplete()
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}

/// On a connection under TLS, takes the version that the handshake agreed on (RFC 7301).
private final class VersionNegotiation: ArrivingConnection, ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let name)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        do {
            let pipeline = context.pipeline.syncOperations
            giveWay()
            if name == "h2" {
                try Listener.addHTTP2(pipeline, front: front)
            } else {
                try Listener.addHTTP1(pipeline, front: front)
            }
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A connection that has not yet shown which version of HTTP it speaks.
///
/// It has the time of a request to do so.
private class ArrivingConnection: LaneConnection {
    fileprivate let front: LaneFront
    private let openedAt: UInt64
    private var context: ChannelHandlerContext?
    var slot = -1

    init(front: LaneFront) {
        self.front = front
        openedAt = front.clock.uptime()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        front.register(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        front.unregister(self)
    }

    /// To be called before the handler that takes over is added: the connection counts once.
    fileprivate func giveWay() {
        front.unregister(self)
    }

    func checkDeadlines(now: UInt64) {
        if now &- openedAt > front.settings.limits.requestTime.wholeNanoseconds { close() }
    }

    func drain() { close() }

    func close() {
        context?.close(promise: nil)
    }
}
