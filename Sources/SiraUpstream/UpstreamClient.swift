package import NIOCore
package import NIOSSL
package import SiraCore
package import SiraWire

/// The way out of one lane: sends requests to providers over pooled connections.
///
/// Confined to its event loop, like everything that it makes; that is why nothing here is locked.
package final class UpstreamClient: Transport {
    private let settings: UpstreamSettings
    private let clock: GatewayClock
    private let connector: any ConnectionMaker
    /// Makes connections that speak HTTP/1.1 and nothing else.
    let socketConnector: any ConnectionMaker
    private var pools: [Route: ConnectionPool] = [:]
    private var running: [Exchange] = []
    private var sweep = Sweep()

    /// A client that makes its connections over the network.
    ///
    /// - Parameters:
    ///   - tls: for requests.
    ///   - socketTLS: for WebSockets; offers no HTTP/2.
    package convenience init(
        loop: any EventLoop,
        settings: UpstreamSettings,
        tls: NIOSSLContext,
        socketTLS: NIOSSLContext,
        clock: GatewayClock
    ) {
        self.init(
            Connector(loop: loop, tls: tls, rule: settings.proxy, addressGuard: settings.addressGuard),
            sockets: Connector(loop: loop, tls: socketTLS, rule: settings.proxy, addressGuard: settings.addressGuard),
            settings: settings,
            clock: clock
        )
    }

    init(
        _ connector: any ConnectionMaker,
        sockets: (any ConnectionMaker)? = nil,
        settings: UpstreamSettings,
        clock: GatewayClock
    ) {
        self.connector = connector
        socketConnector = sockets ?? connector
        self.settings = settings
        self.clock = clock
    }

    package nonisolated(nonsending) func send(
        _ request: UpstreamRequest,
        abort: AbortSignal
    ) async throws(GatewayError) -> any UpstreamAnswer {
        let exchange = begin(request, abort)
        exchange.resend = { [unowned self] in start($0) }
        start(exchange)
        try await exchange.waitForHead()
        return exchange
    }

    /// An exchange whose times are looked after.
    func begin(_ request: UpstreamRequest, _ abort: AbortSignal) -> Exchange {
        let exchange = Exchange(request, uptime: clock.uptime) { [unowned self] in forget($0) }
        exchange.slot = running.count
        running.append(exchange)
        abort.onFire { [weak exchange] in exchange?.cancel() }
        return exchange
    }

    private func start(_ exchange: Exchange) {
        guard !exchange.isOver else { return }
        pool(for: Route(exchange.request)).start(exchange)
    }

    private func pool(for route: Route) -> ConnectionPool {
        if let pool = pools[route] { return pool }
        let pool = ConnectionPool(route: route, connector: connector, settings: settings, clock: clock)
        pools[route] = pool
        return pool
    }

    private func forget(_ exchange: Exchange) {
        guard exchange.slot >= 0, let last = running.popLast() else { return }
        if last !== exchange {
            running[exchange.slot] = last
            last.slot = exchange.slot
        }
        exchange.slot = -1
    }

    /// Ends exchanges whose time has run out and closes old idle connections.
    ///
    /// To be called a few times a second: one look at all is cheaper than a timer for each.
    package func tick() {
        let now = clock.uptime()
        for exchange in running[sweep.next(of: running.count)] { exchange.checkDeadlines(now: now) }
        for pool in pools.values { pool.sweep(now: now) }
    }

    /// Exchanges that are running.
    package var runningCount: Int { running.count }
}
