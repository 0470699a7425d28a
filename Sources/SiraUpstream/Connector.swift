import NIOCore
import NIOSSL
import SiraCore
import SiraWire

/// Makes connections over the network.
final class Connector: ConnectionMaker {
    private let loop: any EventLoop
    private let tls: NIOSSLContext
    private let rule: ProxyRule?
    private let addressGuard: AddressGuard?

    /// - Parameters:
    ///   - rule: when requests go through a proxy that name none themselves.
    ///   - addressGuard: which addresses names may lead to; nil for any.
    init(loop: any EventLoop, tls: NIOSSLContext, rule: ProxyRule?, addressGuard: AddressGuard? = nil) {
        self.addressGuard = addressGuard
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
            addressGuard: route.addressGuard ?? addressGuard,
            onIdle: onIdle,
            done: done
        )
        attempt.start(timeout: timeout)
    }
}
