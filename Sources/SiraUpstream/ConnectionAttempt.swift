import NIOCore
import NIOPosix
import NIOSSL
import SiraCore
import SiraWire

/// One attempt to make a connection: TCP, the proxy's tunnel, TLS, and the version of HTTP that was agreed on.
///
/// It ends once: with a connection, with what went wrong, or when its time is over.
final class ConnectionAttempt {
    private let endpoint: Endpoint
    private let proxy: ProxyAddress?
    private let loop: any EventLoop
    private let tls: NIOSSLContext
    private let addressGuard: AddressGuard?
    private let onIdle: (HTTP1Connection) -> Void
    private var done: ((Result<ConnectionPool.Connection, any Error>) -> Void)?
    private var channel: (any Channel)?
    private var alarm: Scheduled<Void>?

    init(
        to endpoint: Endpoint,
        proxy: ProxyAddress?,
        loop: any EventLoop,
        tls: NIOSSLContext,
        addressGuard: AddressGuard? = nil,
        onIdle: @escaping (HTTP1Connection) -> Void,
        done: @escaping (Result<ConnectionPool.Connection, any Error>) -> Void
    ) {
        self.endpoint = endpoint
        self.proxy = proxy
        self.loop = loop
        self.tls = tls
        self.addressGuard = addressGuard
        self.onIdle = onIdle
        self.done = done
    }

    func start(timeout: Duration) {
        let limit = TimeAmount.nanoseconds(Int64(timeout.wholeNanoseconds))
        alarm = loop.assumeIsolated().scheduleTask(in: limit) { self.fail(ChannelError.connectTimeout(limit)) }
        guard proxy != nil, let addressGuard else { return connect(within: limit) }
        // The proxy looks the name up once more, for itself; what it leads to here is all that can be judged.
        GuardedResolver(addressGuard, loop: loop).judged(endpoint.host).assumeIsolated().whenComplete { result in
            self.step {
                try result.get()
                self.connect(within: limit)
            }
        }
    }

    private func connect(within limit: TimeAmount) {
        guard done != nil else { return }
        let target = proxy?.endpoint ?? endpoint
        let attempt = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .resolver(proxy == nil ? addressGuard.map { GuardedResolver($0, loop: loop) } : nil)
            .connectTimeout(limit)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try attempt.value.addTunnel(to: channel) }
            }
            .connect(host: target.host, port: target.port)
            .assumeIsolated()
            .whenComplete { self.opened($0) }
    }

    /// The handler has to be there before the connection is, for it speaks first.
    private func addTunnel(to channel: any Channel) throws {
        guard let proxy else { return }
        // A name with several addresses has several channels, of which one wins: each has a promise of its own.
        try channel.pipeline.syncOperations.addHandler(
            ProxyConnect(target: endpoint, authorization: proxy.authorization, opened: loop.makePromise())
        )
    }

    private func opened(_ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error):
            fail(error)
        case .success(let channel):
            guard done != nil else { return channel.close(promise: nil) }
            self.channel = channel
            step {
                guard proxy != nil else { return secure(channel) }
                let tunnel = try channel.pipeline.syncOperations.handler(type: ProxyConnect.self)
                tunnel.opened.futureResult.assumeIsolated().whenComplete { result in
                    self.step {
                        try result.get()
                        channel.pipeline.syncOperations.removeHandler(tunnel, promise: nil)
                        self.secure(channel)
                    }
                }
            }
        }
    }

    private func secure(_ channel: any Channel) {
        step {
            guard endpoint.usesTLS else { return try finish(channel, version: nil) }
            // Server names are not sent for literal addresses (RFC 6066, section 3).
            let isAddress = (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : endpoint.host)
            let watcher = NegotiationWatcher { result in
                self.step { try self.finish(channel, version: try result.get()) }
            }
            try channel.pipeline.syncOperations.addHandlers([handler, watcher])
        }
    }

    /// - Parameter version: what TLS agreed on; nil when it was not asked.
    private func finish(_ channel: any Channel, version: String?) throws {
        guard done != nil else { return }
        if version == "h2" {
            end(.success(.http2(try HTTP2Connection.add(to: channel))))
        } else {
            let connection = HTTP1Connection(onIdle: onIdle)
            try channel.pipeline.syncOperations.addHandler(connection)
            end(.success(.http1(connection)))
        }
    }

    // MARK: the end

    private func step(_ body: () throws -> Void) {
        do { try body() } catch { fail(error) }
    }

    private func fail(_ error: any Error) {
        guard done != nil else { return }
        channel?.close(promise: nil)
        end(.failure(error))
    }

    private func end(_ result: Result<ConnectionPool.Connection, any Error>) {
        let done = done
        self.done = nil
        alarm?.cancel()
        done?(result)
    }
}
