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

    /// - Throws: when the TLS settings cannot be used, for instance because the system has no certificate
    ///   authorities.
    package convenience init(loop: any EventLoop, settings: UpstreamSettings, tls: NIOSSLContext, clock: GatewayClock) {
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
        while true {
            let exchange = begin(request, abort: abort)
            let reused = try await start(exchange)
            do throws(GatewayError) {
                try await exchange.waitForHead()
                return exchange
            } catch {
                // A connection that had been idle may have been closed by the provider just as we wrote to it. No
                // byte of an answer came, and the next connection is one that has not been idle.
                guard reused, error.code == .upstreamUnreachable, !abort.hasFired else { throw error }
            }
        }
    }

    private func begin(_ request: UpstreamRequest, abort: AbortSignal) -> Exchange {
        let exchange = Exchange(request, uptime: clock.uptime) { [unowned self] in forget($0) }
        exchange.slot = running.count
        running.append(exchange)
        abort.onFire { [weak exchange] in exchange?.cancel() }
        return exchange
    }

    /// Puts the exchange on a connection.
    ///
    /// - Returns: whether that connection had been used before.
    private nonisolated(nonsending) func start(_ exchange: Exchange) async throws(GatewayError) -> Bool {
        let route = Route(exchange.request)
        do {
            let connection = try await pool(for: route).connection(timeout: exchange.request.timeouts.connect)
            return launch(exchange, on: connection)
        } catch {
            let failure = UpstreamFailure.unreachable(
                error,
                endpoint: route.endpoint,
                isProxied: connector.proxy(for: route) != nil
            )
            exchange.finish(failure)
            throw failure
        }
    }

    private func launch(_ exchange: Exchange, on connection: ConnectionPool.Connection) -> Bool {
        switch connection {
        case .http1(let connection):
            // The client may have left while the connection was made.
            if exchange.isOver {
                connection.close()
                return false
            }
            let reused = connection.isReused
            connection.start(exchange)
            return reused
        case .http2(let connection):
            if exchange.isOver { return false }
            let reused = connection.runningStreams > 0
            connection.start(exchange)
            return reused
        }
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
        for exchange in running { exchange.checkDeadlines(now: now) }
        for pool in pools.values { pool.sweep(now: now) }
    }

    /// Exchanges that are running.
    package var runningCount: Int { running.count }
}
