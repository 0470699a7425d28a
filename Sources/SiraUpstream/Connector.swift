import NIOCore
import NIOSSL
import SiraWire

/// Makes connections over the network.
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

    func isProxied(_ route: Route) -> Bool { proxy(for: route) != nil }

    func connect(
        to route: Route,
        timeout: Duration,
        onIdle: @escaping (HTTP1Connection) -> Void,
        done: @escaping (Result<ConnectionPool.Connection, any Error>) -> Void
    ) {
        let attempt = ConnectionAttempt(
            to: route.endpoint,
            proxy: proxy(for: route),
            loop: loop,
            tls: tls,
            onIdle: onIdle,
            done: done
        )
        attempt.start(timeout: timeout)
    }
}
