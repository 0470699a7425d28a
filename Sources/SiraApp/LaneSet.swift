import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SiraCore
import SiraLedger
import SiraPipeline
import SiraServer
import SiraTelemetry
import SiraTenancy
import SiraUpstream

/// The lanes of the process, each on an event loop of its own.
struct LaneSet: Sendable {
    let group: MultiThreadedEventLoopGroup
    private let fronts: [NIOLoopBound<LaneFront>]
    private let loops: [any EventLoop]

    /// What every lane is made from.
    struct Parts: Sendable {
        var server: SiraServer.ServerSettings
        var upstream: UpstreamSettings
        var tls: NIOSSLContext
        /// For connections that become WebSockets.
        var socketTLS: NIOSSLContext
        var journal: Journal
        var live: LiveFeed
        var registry: MetricsRegistry
        var services: Services
        var clock: GatewayClock
    }

    init(count: Int, parts: Parts, snapshot: Snapshot, keys: KeyRing, tenants: TenantBook) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let connections = ConnectionCount()
        let bodies = BodyBudget()
        var fronts: [NIOLoopBound<LaneFront>] = []
        var loops: [any EventLoop] = []
        for loop in group.makeIterator() {
            let isFirst = loops.isEmpty
            let front = try await loop.submit {
                let front = Self.makeLane(loop, parts, snapshot, keys, tenants, connections, bodies, isFirst: isFirst)
                let bound = NIOLoopBound(front, eventLoop: loop)
                _ = loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) { _ in
                    bound.value.tick()
                }
                return bound
            }.get()
            fronts.append(front)
            loops.append(loop)
        }
        self.fronts = fronts
        self.loops = loops
    }

    private static func makeLane(
        _ loop: any EventLoop,
        _ parts: Parts,
        _ snapshot: Snapshot,
        _ keys: KeyRing,
        _ tenants: TenantBook,
        _ connections: ConnectionCount,
        _ bodies: BodyBudget,
        isFirst: Bool
    ) -> LaneFront {
        let client = UpstreamClient(
            loop: loop,
            settings: parts.upstream,
            tls: parts.tls,
            socketTLS: parts.socketTLS,
            clock: parts.clock
        )
        let lane = Lane(loop: loop)
        let context = LaneContext(
            loop: loop,
            scheduler: LoopScheduler(lane),
            clock: parts.clock,
            transport: client,
            journal: parts.journal.makeLane(),
            live: parts.live.makeLane(),
            metrics: parts.registry.makeLane(),
            registry: parts.registry,
            services: parts.services,
            snapshot: snapshot,
            keys: keys,
            tenants: tenants,
            probes: isFirst,
            onTick: { client.tick() }
        )
        return LaneFront(
            lane: lane,
            settings: parts.server,
            pipeline: Pipeline(context),
            connectionCount: connections,
            bodyBudget: bodies,
            clock: parts.clock
        )
    }

    var count: Int { fronts.count }

    /// One of the lanes' event loops, each in its turn.
    var anyLoop: any EventLoop { group.next() }

    /// What serves the connections of an event loop; to be called on it.
    func front(of loop: any EventLoop) -> LaneFront {
        guard let index = loops.firstIndex(where: { $0 === loop }) else {
            preconditionFailure("a connection was accepted on an event loop that is no lane's")
        }
        return fronts[index].value
    }

    /// Does something on every lane, soon.
    func onEach(_ body: @escaping @Sendable (LaneFront) -> Void) {
        for (loop, front) in zip(loops, fronts) {
            loop.execute { body(front.value) }
        }
    }

    /// Asks every lane.
    func collect<Value: Sendable>(_ body: @escaping @Sendable (LaneFront) -> Value) async -> [Value] {
        var values: [Value] = []
        for (loop, front) in zip(loops, fronts) {
            // An event loop that takes no more tasks has nothing to say.
            if let value = try? await loop.submit({ body(front.value) }).get() { values.append(value) }
        }
        return values
    }
}
