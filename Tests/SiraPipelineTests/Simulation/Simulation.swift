import Foundation
import NIOCore
import SiraCatalog
import SiraCore
import SiraHealth
import SiraLaneTesting
import SiraRouting
import SiraTesting
import SiraWire

@testable import SiraPipeline

/// A lane under load, in time that is only counted.
///
/// What routes, tries again, hedges and judges is the product's own code; clients and providers are models, and the clock
/// moves from one event to the next. The same seed gives the same run.
final class Simulation {
    private let bench: LaneBench
    private let health: HealthBoard
    private let providers: [ModelledProvider]
    private let transport: ModelledTransport
    private let pipeline: Pipeline
    private let clock: VirtualClock
    private let model: String
    private var arrivals: SeededRandom
    private var clients: [SimulatedClient] = []

    /// - Parameters:
    ///   - providers: each has the model `small`.
    ///   - keys: how many keys each has.
    ///   - route: what clients ask for is `main`, which leads to all of them in their order unless this says otherwise.
    init(
        _ providers: [ModelledProvider],
        keys: Int = 1,
        seed: UInt64 = 1,
        policy: HealthPolicy = HealthPolicy(),
        route: (inout RouteSpec) -> Void = { _ in }
    ) throws {
        let (clock, health) = (VirtualClock(), HealthBoard(policy: policy))
        let loop = SteppedLoop(clock: clock)
        let transport = ModelledTransport(providers, loop: loop, clock: clock, seed: seed)
        var spec = RouteSpec(name: "main", targets: providers.map { RouteTarget(model: "\($0.name)/small") })
        route(&spec)
        model = spec.name
        var random = SeededRandom(seed: seed &+ 2_000)
        bench = try LaneBench(
            surroundings: LaneBench.Surroundings(
                clock: clock,
                loop: loop,
                transport: transport,
                directory: try Self.directory(providers, keys: keys, spec, health),
                health: health,
                random: RandomReserve { random.next() }
            )
        )
        pipeline = Pipeline(bench.context)
        (self.clock, self.health, self.providers, self.transport) = (clock, health, providers, transport)
        arrivals = SeededRandom(seed: seed &+ 1_000)
    }

    /// All at one price, so that what is paid more is paid for more requests.
    private static func directory(
        _ providers: [ModelledProvider],
        keys: Int,
        _ route: RouteSpec,
        _ health: HealthBoard
    ) throws -> Directory {
        var overrides = CatalogOverrides()
        for modelled in providers {
            var provider = ProviderOverride(id: modelled.name)
            provider.baseURL = "https://\(modelled.name).test/v1"
            provider.wire = .openai
            provider.auth = .bearer
            overrides.providers.append(provider)
            let card = RateCard(base: Rates(input: 1_000_000_000, output: 4_000_000_000))
            overrides.prices.append(PriceOverride(provider: modelled.name, model: "small", card: card))
        }
        let catalog = try Catalog(providers: [], models: []).applying(overrides)
        let accesses = try catalog.providers.map { provider in
            try ProviderAccess(provider: provider, keys: (0..<keys).map { Secret("\(provider.id)-key-\($0)") })
        }
        return Directory(catalog: catalog, accesses: accesses, routes: [route], health: health)
    }

    /// Has requests come for so long, at random moments, and waits until all have ended.
    func run(for time: Duration, requestsPerSecond rate: Double) async throws -> SimulationResult {
        let end = clock.uptime + time.wholeNanoseconds
        expectNext(until: end, mean: .nanoseconds(Int64(1e9 / rate)))
        tick(until: end)
        while let next = bench.loop.nextTimer {
            bench.loop.advance(by: .nanoseconds(max(next, clock.uptime) - clock.uptime))
        }
        return try await result()
    }

    /// Sets the moment of the next request: the times between requests of many clients are exponentially distributed.
    private func expectNext(until end: UInt64, mean: Duration) {
        let gap = mean * -log(Double.random(in: 0.000_001..<1, using: &arrivals))
        guard clock.uptime + gap.wholeNanoseconds < end else { return }
        _ = bench.loop.after(gap) { [self] in
            ask()
            expectNext(until: end, mean: mean)
        }
    }

    /// What a lane's event loop does a few times a second, until all requests have ended.
    private func tick(until end: UInt64) {
        bench.context.tick()
        let isOver = clock.uptime >= end && bench.context.runningRequests == 0
        // A request that never ends is found by the tests; here it must not keep them from it.
        guard !isOver, clock.uptime < end + Duration.seconds(1_000).wholeNanoseconds else { return }
        _ = bench.loop.after(.milliseconds(250)) { [self] in tick(until: end) }
    }

    private func ask() {
        let client = SimulatedClient(clock, at: transport.time)
        clients.append(client)
        let body = #"{"model":"\#(model)","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#
        let inbound = Inbound(
            operation: .chat,
            headers: HeaderFields([
                ("content-type", "application/json"), ("authorization", "Bearer \(bench.keyText)"),
            ]),
            body: ByteBuffer(string: body),
            startedAt: clock.now,
            startedUptime: clock.uptime,
            extraFields: []
        )
        bench.loop.spawn { [pipeline] in await pipeline.run(inbound, to: client) }
    }

    // MARK: what came of it

    private func result() async throws -> SimulationResult {
        let accounts = clients.map(\.account)
        let waiting = clients.map { WeakReference($0.abort) }
        clients = []
        let now = clock.uptime
        let leftovers = SimulationResult.Leftovers(
            clients: waiting.count { $0.object != nil },
            attempts: transport.heldAttempts,
            requests: bench.context.runningRequests,
            probes: bench.context.probed.count,
            atProviders: providers.map(\.running).reduce(0, +),
            inFlight: health.deployments().map { $0.standing(at: now).inFlight }.reduce(0, +),
            deployments: health.deployments().count
        )
        return SimulationResult(
            clients: accounts,
            providers: Dictionary(
                uniqueKeysWithValues: providers.map {
                    ($0.name, SimulationResult.Provider(arrivals: $0.arrivals, probes: $0.probes))
                }
            ),
            lines: try await bench.records(),
            leftovers: leftovers
        )
    }
}

/// Does not keep what it refers to.
private struct WeakReference {
    weak var object: AbortSignal?

    init(_ object: AbortSignal) { self.object = object }
}
