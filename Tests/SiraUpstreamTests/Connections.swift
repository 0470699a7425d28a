import SiraCore
import SiraTesting
import SiraWire

@testable import SiraUpstream

/// Makes connections to providers that the test plays, when the test says so.
final class Connections: ConnectionMaker {
    /// Those made so far.
    private(set) var wires: [Wire] = []
    /// How often a connection was asked for.
    private(set) var attempts = 0
    /// What the next attempts throw, first first.
    var failures: [any Error] = []
    /// Whether attempts wait for ``open()``.
    var isHeld = false
    private var held: [CheckedContinuation<Void, Never>] = []
    /// Makes something other than an HTTP/1.1 connection.
    var makeOther: (() throws -> ConnectionPool.Connection)?
    private let clock: VirtualClock

    init(clock: VirtualClock) {
        self.clock = clock
    }

    func proxy(for route: Route) -> ProxyAddress? { route.proxy }

    nonisolated(nonsending) func connect(
        to route: Route,
        timeout: Duration,
        onIdle: @escaping (HTTP1Connection) -> Void
    ) async throws -> ConnectionPool.Connection {
        attempts += 1
        if isHeld { await withCheckedContinuation { held.append($0) } }
        if !failures.isEmpty { throw failures.removeFirst() }
        if let makeOther { return try makeOther() }
        let wire = try Wire(clock: clock, onIdle: onIdle)
        wires.append(wire)
        return .http1(wire.connection)
    }

    /// Lets the attempt that has waited longest go on.
    func open() {
        guard !held.isEmpty else { return }
        held.removeFirst().resume()
    }
}
