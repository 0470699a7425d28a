import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL
import NIOTLS
import SiraCore
import SiraWire

/// Makes connections: TCP, the proxy's tunnel, TLS, and the version of HTTP that was agreed on.
final class Connector: ConnectionMaker {
    private let loop: any EventLoop
    private let tls: NIOSSLContext
    private let rule: ProxyRule?

    /// - Parameter rule: when requests go through a proxy that name none themselves.
    init(loop: any EventLoop, tls: NIOSSLContext, rule: ProxyRule?) {
        self.loop = loop
        self.tls = tls
        self.rule = rule
    }

    /// The proxy through which connections go that way.
    func proxy(for route: Route) -> ProxyAddress? {
        if let proxy = route.proxy { return proxy }
        return rule.flatMap { $0.applies(to: route.endpoint) ? $0.address : nil }
    }

    nonisolated(nonsending) func connect(
        to route: Route,
        timeout: Duration,
        onIdle: @escaping (HTTP1Connection) -> Void
    ) async throws -> ConnectionPool.Connection {
        let limit = TimeAmount.nanoseconds(Int64(timeout.wholeNanoseconds))
        let deadline = NIODeadline.now() + limit
        let (endpoint, proxy) = (route.endpoint, proxy(for: route))
        let tunnel = proxy.map { _ in loop.makePromise(of: Void.self) }
        let channel: any Channel
        do {
            channel = try await socket(to: proxy?.endpoint ?? endpoint, limit: limit) { channel in
                guard let proxy, let tunnel else { return }
                try channel.pipeline.syncOperations.addHandler(
                    ProxyConnect(target: endpoint, authorization: proxy.authorization, opened: tunnel)
                )
            }
        } catch {
            tunnel?.fail(error)
            throw error
        }
        do {
            if let tunnel {
                try await finish(tunnel, by: deadline, limit: limit)
                let tunnelHandler = try channel.pipeline.syncOperations.context(handlerType: ProxyConnect.self)
                channel.pipeline.syncOperations.removeHandler(context: tunnelHandler, promise: nil)
            }
            guard endpoint.usesTLS else { return try addHTTP1(channel, onIdle: onIdle) }
            let negotiated = channel.eventLoop.makePromise(of: String?.self)
            try addTLS(channel, host: endpoint.host, negotiated: negotiated)
            let name = try await finish(negotiated, by: deadline, limit: limit)
            return name == "h2" ? try addHTTP2(channel) : try addHTTP1(channel, onIdle: onIdle)
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    private nonisolated(nonsending) func socket(
        to endpoint: Endpoint,
        limit: TimeAmount,
        initialize: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> any Channel {
        try await ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try initialize(channel) }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .get()
    }

    /// Waits for a promise that someone else keeps, no longer than to the deadline.
    @discardableResult
    private nonisolated(nonsending) func finish<Value: Sendable>(
        _ promise: EventLoopPromise<Value>,
        by deadline: NIODeadline,
        limit: TimeAmount
    ) async throws -> Value {
        let alarm = loop.scheduleTask(deadline: deadline) { promise.fail(ChannelError.connectTimeout(limit)) }
        defer { alarm.cancel() }
        return try await promise.futureResult.get()
    }

    private func addTLS(_ channel: any Channel, host: String, negotiated: EventLoopPromise<String?>) throws {
        // Server names are not sent for literal addresses (RFC 6066, section 3).
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
        try channel.pipeline.syncOperations.addHandlers([handler, NegotiationWatcher(negotiated)])
    }

    private func addHTTP1(
        _ channel: any Channel,
        onIdle: @escaping (HTTP1Connection) -> Void
    ) throws -> ConnectionPool.Connection {
        let connection = HTTP1Connection(onIdle: onIdle)
        try channel.pipeline.syncOperations.addHandler(connection)
        return .http1(connection)
    }

    private func addHTTP2(_ channel: any Channel) throws -> ConnectionPool.Connection {
        let multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
        ) { stream in
            stream.close()  // a provider has no business opening streams
        }
        return .http2(HTTP2Connection(channel: channel, multiplexer: multiplexer))
    }
}

/// Waits for the end of the TLS handshake, then gets out of the way.
private final class NegotiationWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let negotiated: EventLoopPromise<String?>

    init(_ negotiated: EventLoopPromise<String?>) {
        self.negotiated = negotiated
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
            negotiated.succeed(name)
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        negotiated.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        negotiated.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
