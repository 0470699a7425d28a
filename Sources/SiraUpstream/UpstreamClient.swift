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
    private var pools: [Route: ConnectionPool] = [:]
    private var running: [Exchange] = []
    private var sweep = Sweep()

    /// A client that makes its connections over the network.
    package convenience init(
        loop: any EventLoop,
        settings: UpstreamSettings,
        tls: NIOSSLContext,
        clock: GatewayClock
    ) {
        self.init(Connector(loop: loop, tls: tls, rule: settings.proxy), settings: settings, clock: clock)
    }

    init(_ connector: any ConnectionMaker, settings: UpstreamSettings, clock: GatewayClock) {
        self.connector = connector
        self.settings = settings
        self.clock = clock
    }

    package nonisolated(nonsending) func send(
        _ request: UpstreamRequest,
        abort: AbortSignal
    ) async throws(GatewayError) -> any UpstreamAnswer {
        let exchange = Exchange(request, uptime: clock.uptime) { [unowned self] in forget($0) }
        exchange.slot = running.count
        exchange.resend = { [unowned self] in start($0) }
        running.append(exchange)
        abort.onFire { [weak exchange] in exchange?.cancel() }
        start(exchange)
        try await exchange.waitForHead()
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
