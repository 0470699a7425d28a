import NIOCore
import SiraCore
import SiraWire

/// What makes the connections of a pool.
protocol ConnectionMaker: AnyObject {
    /// The proxy through which connections go that way.
    func proxy(for route: Route) -> ProxyAddress?

    /// A new connection.
    ///
    /// - Parameters:
    ///   - timeout: for everything up to a connection that can be used.
    ///   - onIdle: called with an HTTP/1.1 connection each time that it is free again.
    nonisolated(nonsending) func connect(
        to route: Route,
        timeout: Duration,
        onIdle: @escaping (HTTP1Connection) -> Void
    ) async throws -> ConnectionPool.Connection
}

/// The connections of one lane to one endpoint on one way.
final class ConnectionPool {
    /// What an exchange can be started on.
    enum Connection {
        case http1(HTTP1Connection)
        case http2(HTTP2Connection)
    }

    private let route: Route
    private let connector: any ConnectionMaker
    private let settings: UpstreamSettings
    private let clock: GatewayClock
    /// The most recently used last, so that those which are not needed grow old.
    private var idle: [HTTP1Connection] = []
    private var shared: HTTP2Connection?
    /// Once an endpoint has agreed on HTTP/2, exchanges wait for the one connection instead of making many.
    private var prefersHTTP2 = false
    private var isConnecting = false
    private var waiters: [UnsafeContinuation<Void, Never>] = []

    init(route: Route, connector: any ConnectionMaker, settings: UpstreamSettings, clock: GatewayClock) {
        self.route = route
        self.connector = connector
        self.settings = settings
        self.clock = clock
    }

    /// A connection to start an exchange on: one that is ready, or a new one.
    nonisolated(nonsending) func connection(timeout: Duration) async throws -> Connection {
        while true {
            if let connection = ready() { return connection }
            guard prefersHTTP2, isConnecting else { break }
            // Unsafe because each waiter is taken out of the list as it is resumed, once.
            await withUnsafeContinuation { waiters.append($0) }
        }
        isConnecting = true
        defer {
            isConnecting = false
            let waiting = waiters
            waiters = []
            for waiter in waiting { waiter.resume() }
        }
        let made = try await connector.connect(to: route, timeout: timeout) { [weak self] in self?.park($0) }
        if case .http2(let connection) = made {
            prefersHTTP2 = true
            // Of two that were made at the same time the first is shared; the other goes when its stream is over.
            if shared?.isUsable != true { shared = connection }
        }
        return made
    }

    private func ready() -> Connection? {
        if let shared {
            if shared.isUsable { return .http2(shared) }
            self.shared = nil
        }
        while let connection = idle.popLast() {
            if connection.isUsable { return .http1(connection) }
        }
        return nil
    }

    private func park(_ connection: HTTP1Connection) {
        guard idle.count < settings.idleConnections else { return connection.close() }
        connection.idleSince = clock.uptime()
        idle.append(connection)
    }

    /// Closes what has been idle for too long.
    func sweep(now: UInt64) {
        let lifetime = settings.idleLifetime.wholeNanoseconds
        let expired = idle.prefix { now &- $0.idleSince > lifetime || !$0.isUsable }
        for connection in expired { connection.close() }
        idle.removeFirst(expired.count)
    }

    func close() {
        for connection in idle { connection.close() }
        idle = []
        shared?.close()
        shared = nil
    }
}
