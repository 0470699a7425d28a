import NIOCore
import SiraCore
import SiraWire

/// The connections of one lane to one endpoint on one way, and the exchanges that wait for one.
///
/// How many connections are made at once depends on how many exchanges one carries: over HTTP/1.1 one, over HTTP/2 as
/// many as the provider allows, and while it is not known which of the two it is, one connection is to find out.
final class ConnectionPool {
    /// What an exchange can be started on.
    enum Connection {
        case http1(HTTP1Connection)
        case http2(HTTP2Connection)
    }

    private enum Version {
        case unknown, http1, http2
    }

    private let route: Route
    private let connector: any ConnectionMaker
    private let settings: UpstreamSettings
    private let clock: GatewayClock
    /// Free HTTP/1.1 connections, the most recently used last, so that those which are not needed grow old.
    private var idle: [HTTP1Connection] = []
    /// The HTTP/2 connections that new exchanges may use, the oldest first.
    private var shared: [HTTP2Connection] = []
    /// What the endpoint agreed on last.
    private var version: Version
    /// How many streams at once the provider allowed last.
    private var streamLimit = HTTP2Connection.usualStreamLimit
    /// Connections that are being made.
    private var attempts = 0
    /// Exchanges without a connection, the oldest first.
    ///
    /// One may be over meanwhile, and is then passed over.
    private var waiting = CircularBuffer<Exchange>()

    init(route: Route, connector: any ConnectionMaker, settings: UpstreamSettings, clock: GatewayClock) {
        self.route = route
        self.connector = connector
        self.settings = settings
        self.clock = clock
        version = route.endpoint.usesTLS ? .unknown : .http1
    }

    /// Starts an exchange on a connection that is ready, or on a new one as soon as it is.
    func start(_ exchange: Exchange) {
        waiting.append(exchange)
        serve()
    }

    /// Gives connections to those who wait, and makes as many as are wanting.
    private func serve() {
        while let next = waiting.first {
            guard !next.isOver else {
                waiting.removeFirst()
                continue
            }
            guard let connection = ready(for: next) else { break }
            waiting.removeFirst()
            switch connection {
            case .http1(let connection): connection.start(next)
            case .http2(let connection): connection.start(next)
            }
        }
        while let last = waiting.last, isWantingConnections { connect(timeout: last.request.timeouts.connect) }
    }

    private func ready(for exchange: Exchange) -> Connection? {
        if let connection = shared.first(where: \.hasRoom) { return .http2(connection) }
        // What failed on a connection that had been idle does not go to another such.
        guard !exchange.isResent else { return nil }
        while let connection = idle.popLast() {
            if connection.isUsable { return .http1(connection) }
        }
        return nil
    }

    // MARK: making connections

    private var exchangesPerConnection: Int {
        switch version {
        case .unknown: .max
        case .http1: 1
        case .http2: streamLimit
        }
    }

    private var isWantingConnections: Bool {
        guard !waiting.isEmpty else { return false }
        // One that has not told its limit yet is about to have room.
        let coming = attempts + shared.count { $0.hasRoomSoon }
        return coming <= (waiting.count - 1) / exchangesPerConnection
    }

    private func connect(timeout: Duration) {
        attempts += 1
        connector.connect(to: route, timeout: timeout, onIdle: { [weak self] in self?.park($0) }) { [weak self] in
            guard let self else { return }
            attempts -= 1
            switch $0 {
            case .success(.http1(let connection)): made(connection)
            case .success(.http2(let connection)) where connection.isUsable: made(connection)
            case .success: failed(ChannelError.eof)
            case .failure(let error): failed(error)
            }
        }
    }

    private func made(_ connection: HTTP1Connection) {
        version = .http1
        while let next = waiting.popFirst() {
            guard !next.isOver else { continue }
            connection.start(next)
            return serve()
        }
        park(connection)
    }

    private func made(_ connection: HTTP2Connection) {
        version = .http2
        connection.idleSince = clock.uptime()
        connection.onChange = { [weak self] in self?.changed($0) }
        shared.append(connection)
        serve()
    }

    /// Who waits for an attempt fails with it: each would only find out the same, one after another.
    private func failed(_ error: any Error) {
        waiting.removeAll(where: \.isOver)
        let isProxied = connector.isProxied(route)
        for _ in 0..<min(exchangesPerConnection, waiting.count) {
            let exchange = waiting.removeFirst()
            exchange.finish(UpstreamFailure.unreachable(error, exchange.request, isProxied: isProxied))
        }
        serve()
    }

    // MARK: keeping connections

    private func park(_ connection: HTTP1Connection) {
        guard connection.isUsable, idle.count < settings.idleConnections else { return connection.close() }
        connection.isReused = true
        connection.idleSince = clock.uptime()
        idle.append(connection)
        if !waiting.isEmpty { serve() }
    }

    private func changed(_ connection: HTTP2Connection) {
        if !connection.isUsable {
            shared.removeAll { $0 === connection }
        } else {
            if let limit = connection.streamLimit { streamLimit = max(1, limit) }
            if connection.runningStreams == 0 { connection.idleSince = clock.uptime() }
        }
        if !waiting.isEmpty { serve() }
    }

    /// Closes what has been idle for too long.
    func sweep(now: UInt64) {
        waiting.removeAll(where: \.isOver)
        let lifetime = settings.idleLifetime.wholeNanoseconds
        let expired = idle.prefix { now &- $0.idleSince > lifetime || !$0.isUsable }
        for connection in expired { connection.close() }
        idle.removeFirst(expired.count)
        for connection in shared where connection.runningStreams == 0 && now &- connection.idleSince > lifetime {
            connection.retire()
        }
    }
}
