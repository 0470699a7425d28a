import Foundation
import NIOCore
import SiraCatalog
import SiraCore
import SiraHealth
import SiraLaneTesting
import SiraPipeline
import SiraRouting
import SiraStorage
import SiraTesting
import SiraWire

/// A lane under load, in time that is only counted.
///
/// What routes, tries again, hedges and judges is the product's own code; clients and providers are models, and the clock
/// moves from one event to the next. The same seed gives the same run.
final class Simulation {
    let bench: LaneBench
    let health: HealthBoard
    let providers: [ModelledProvider]
    private let pipeline: Pipeline
    private let clock: VirtualClock
    private let model: String
    private var arrivals: SeededRandom
    private(set) var clients: [(at: Duration, client: SimulatedClient)] = []

    /// - Parameters:
    ///   - providers: each has the model `small`, at a price that rises from one to the next.
    ///   - keys: how many keys each has.
    ///   - route: what clients ask for is `main`, which leads to all of them; nil for in their order.
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
        let directory = try Self.directory(providers, keys: keys, spec, health)
        bench = try LaneBench(
            surroundings: LaneBench.Surroundings(
                clock: clock,
                loop: loop,
                transport: transport,
                directory: directory,
                health: health
            )
        )
        pipeline = Pipeline(bench.context)
        (self.clock, self.health, self.providers) = (clock, health, providers)
        arrivals = SeededRandom(seed: seed &+ 1_000)
    }

    private static func directory(
        _ providers: [ModelledProvider],
        keys: Int,
        _ route: RouteSpec,
        _ health: HealthBoard
    ) throws -> Directory {
        var overrides = CatalogOverrides()
        for (place, modelled) in providers.enumerated() {
            var provider = ProviderOverride(id: modelled.name)
            provider.baseURL = "https://\(modelled.name).test/v1"
            provider.wire = .openai
            provider.auth = .bearer
            overrides.providers.append(provider)
            let rates = Rates(input: Int64(place + 1) * 1_000_000_000, output: Int64(place + 1) * 4_000_000_000)
            overrides.prices.append(
                PriceOverride(provider: modelled.name, model: "small", card: RateCard(base: rates))
            )
        }
        let catalog = try Catalog(providers: [], models: []).applying(overrides)
        let accesses = try catalog.providers.map { provider in
            try ProviderAccess(provider: provider, keys: (0..<keys).map { Secret("key-\($0)") })
        }
        return Directory(catalog: catalog, accesses: accesses, routes: [route], health: health)
    }

    /// Has requests come for so long, at random moments, and waits until all have ended.
    func run(for time: Duration, requestsPerSecond rate: Double) {
        let end = clock.uptime + time.wholeNanoseconds
        expectNext(until: end, mean: .nanoseconds(Int64(1e9 / rate)))
        while let next = bench.loop.nextTimer {
            bench.loop.advance(by: .nanoseconds(max(next, clock.uptime) - clock.uptime))
        }
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

    private func ask() {
        let client = SimulatedClient(clock)
        clients.append((.nanoseconds(clock.uptime - 5_000_000_000), client))
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

    /// The share of clients that got a whole answer.
    var successRate: Double { Double(clients.count { $0.client.isServed }) / Double(max(1, clients.count)) }

    /// The times to the first token of those that got one, in rising order.
    var firstTokens: [Duration] { clients.compactMap(\.client.firstToken).sorted() }

    /// The time within which that share of the clients saw the first token.
    func firstToken(percentile: Double) -> Duration {
        let times = firstTokens
        guard !times.isEmpty else { return .zero }
        return times[min(times.count - 1, Int(Double(times.count) * percentile))]
    }

    /// What all attempts cost.
    func cost() async throws -> NanoUSD {
        try await bench.records().reduce(into: .zero) { $0 += $1.cost ?? .zero }
    }
}
