import Logging
import NIOCore
import SiraAnthropic
import SiraBedrock
package import SiraCatalog
import SiraCohere
package import SiraCore
package import SiraExperiments
import SiraGemini
package import SiraHealth
package import SiraLedger
package import SiraLimits
import SiraOllama
import SiraOpenAI
package import SiraPipeline
package import SiraRouting
package import SiraStorage
package import SiraTelemetry
package import SiraTenancy
package import SiraTesting
package import SiraWire

/// A lane with everything that stands on it, but no network.
///
/// The clock, the event loop and the providers do what a test says, and the books are read at the end. A key is known
/// that may use everything. Ten providers are configured: `alpha` and `beta` speak OpenAI's protocol and both have the
/// model `small`, at 2 and 8 dollars for a million tokens in and out at alpha, 3 and 9 at beta; `gamma` speaks
/// Anthropic's and has `sonnet` at 3 and 15 dollars, and 0.3 for what its cache held. `delta` and `epsilon` speak
/// OpenAI's Responses, and nothing is known of their models. `zeta` (OpenAI's) and `eta` (Responses) have two keys.
/// `iota` speaks Gemini's protocol, `kappa` Cohere's and `lambda` Ollama's.
package final class LaneBench {
    package let clock: VirtualClock
    package let loop: SteppedLoop
    /// The providers, unless others were given.
    package let transport = ScriptedTransport()
    package let facts: LaneFacts
    package let registry: MetricsRegistry
    package let context: LaneContext
    package let key: IssuedKey
    private let journal: Journal

    /// What a lane stands on, where a test has its own.
    package struct Surroundings {
        let clock: VirtualClock
        let loop: SteppedLoop
        let transport: any Transport
        let directory: Directory
        let health: HealthBoard
        let random: RandomReserve

        package init(
            clock: VirtualClock,
            loop: SteppedLoop,
            transport: any Transport,
            directory: Directory,
            health: HealthBoard,
            random: RandomReserve
        ) {
            self.clock = clock
            self.loop = loop
            self.transport = transport
            self.directory = directory
            self.health = health
            self.random = random
        }
    }

    /// Whose the things are that providers keep.
    package let objects = MemoryObjectStore()
    /// Answers that are kept for their clients; nothing writes them anywhere.
    package let responses = ResponseArchive(store: MemoryResponseStore(), logger: LaneBench.silence)
    /// Why requests went where they went; nothing writes it anywhere.
    package let decisions = DecisionArchive(
        store: MemoryDecisionStore(),
        keptFor: nil,
        logger: LaneBench.silence
    )
    /// What was thought of answers.
    package let feedback = MemoryFeedbackStore()
    /// What is tried out; nothing until a test adopts something.
    package let experiments = ExperimentBoard()
    /// What limits and budgets have counted; none until a test adopts some.
    package let limits: LimitBoard
    private let ledger = CountedLedger()
    private let directory: TemporaryDirectory

    /// - Parameters:
    ///   - keys: keys beside ``key``.
    ///   - prices: those of other models, by names such as `alpha/large`.
    ///   - surroundings: what stands in place of the ten providers and their script.
    package init(
        policy: GatewayPolicy = GatewayPolicy(),
        keys: [APIKey] = [],
        journal settings: JournalSettings = JournalSettings(),
        prices: [String: Rates] = [:],
        surroundings: Surroundings? = nil
    ) throws {
        clock = surroundings?.clock ?? VirtualClock()
        loop = surroundings?.loop ?? SteppedLoop(clock: clock)
        let health = surroundings?.health ?? HealthBoard()
        limits = LimitBoard(clock: clock.gateway)
        var random = SeededRandom(seed: 7)
        key = APIKey.issue(name: "bench", tags: ["team"], at: clock.now, using: &random)
        let ring = KeyRing([key.key] + keys)
        facts = LaneFacts(keys: ring)
        registry = MetricsRegistry(
            operations: Operation.allCases.map {
                OperationLabels(name: $0.label, clientProtocol: $0.clientProtocol.rawValue)
            },
            version: "0"
        )
        directory = try TemporaryDirectory()
        journal = try Journal(
            data: directory.path,
            store: ledger,
            settings: settings,
            clock: clock.gateway,
            logger: Self.silence
        )
        context = LaneContext(
            loop: loop,
            scheduler: SteppedScheduler(loop),
            clock: clock.gateway,
            transport: surroundings?.transport ?? transport,
            journal: journal.makeLane(),
            metrics: registry.makeLane(),
            registry: registry,
            services: Self.services(
                facts,
                ledger,
                objects,
                responses,
                decisions,
                feedback,
                experiments,
                health,
                limits
            ),
            snapshot: Snapshot(
                directory: try surroundings?.directory ?? Self.directory(health, prices),
                dialects: Dialects(
                    OpenAIDialect(),
                    ResponsesDialect(),
                    AnthropicDialect(),
                    GeminiDialect(),
                    BedrockDialect(),
                    CohereDialect(),
                    OllamaDialect()
                ),
                policy: policy
            ),
            keys: ring,
            random: surroundings?.random ?? RandomReserve(),
            onTick: {}
        )
    }

    /// The text that a client presents.
    package var keyText: String { key.text.reveal() }

    /// The ledger's lines in the order in which they were written, those written twice included.
    ///
    /// Closes the lane's end of the journal.
    package func records() async throws -> [UsageRecord] {
        context.journal.close()
        _ = try await journal.shipOnce()
        return ledger.lines
    }

    /// How many records the operating system has been handed.
    package var journaledRecords: Int { journal.depth.records }

    /// The value of a metric, such as `sira_requests_in_flight`; nil when there is no such line.
    package func metric(_ line: String) -> String? {
        registry.text().split(separator: "\n").first { $0.hasPrefix(line + " ") }
            .map { String($0.dropFirst(line.count + 1)) }
    }

    private static let silence = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    private static func services(
        _ facts: LaneFacts,
        _ ledger: CountedLedger,
        _ objects: any ObjectStore,
        _ responses: ResponseArchive,
        _ decisions: DecisionArchive,
        _ feedback: any FeedbackStore,
        _ experiments: ExperimentBoard,
        _ health: HealthBoard,
        _ limits: LimitBoard
    ) -> Services {
        let output = LogOutput(format: .json) { _ in }
        output.writesAccess = false
        return Services(
            refreshKeys: { facts.refreshKeys() },
            records: { try await ledger.records(of: $0) },
            objects: objects,
            responses: responses,
            decisions: decisions,
            feedback: feedback,
            experiments: experiments,
            acceptsRecords: { facts.acceptsRecords },
            unreadiness: { facts.unreadiness },
            limits: limits,
            memory: RoutingMemory(health: health),
            access: output,
            logger: silence
        )
    }

    private static func directory(_ health: HealthBoard, _ prices: [String: Rates]) throws -> Directory {
        var overrides = CatalogOverrides()
        let providers: [(String, WireProtocol)] = [
            ("alpha", .openai), ("beta", .openai), ("gamma", .anthropic), ("delta", .responses),
            ("epsilon", .responses), ("zeta", .openai), ("eta", .responses),
            ("iota", .gemini), ("kappa", .cohere), ("lambda", .ollama),
        ]
        for (id, wire) in providers {
            var provider = ProviderOverride(id: id)
            provider.baseURL = "https://\(id).test" + (wire == .openai || wire == .responses ? "/v1" : "")
            provider.wire = wire
            provider.auth = wire == .anthropic ? .header(name: "x-api-key", prefix: "") : .bearer
            overrides.providers.append(provider)
        }
        var cached = Rates(input: 3_000_000_000, output: 15_000_000_000)
        cached.cacheRead = 300_000_000
        overrides.prices = [
            price("alpha", "small", Rates(input: 2_000_000_000, output: 8_000_000_000)),
            price("beta", "small", Rates(input: 3_000_000_000, output: 9_000_000_000)),
            price("gamma", "sonnet", cached),
        ]
        overrides.prices += prices.compactMap { name, rates in
            let halves = name.split(separator: "/", maxSplits: 1).map(String.init)
            return halves.count == 2 ? price(halves[0], halves[1], rates) : nil
        }
        let catalog = try Catalog(providers: [], models: []).applying(overrides)
        let accesses = try catalog.providers.map { provider in
            let names = provider.id.hasSuffix("eta") && provider.id != "beta" ? ["first", "second"] : ["key"]
            return try ProviderAccess(provider: provider, keys: names.map { Secret("\($0)-of-\(provider.id)") })
        }
        return Directory(
            catalog: catalog,
            accesses: accesses,
            aliases: [ModelAlias(name: "either", targets: ["alpha/small", "gamma/sonnet"])],
            health: health
        )
    }

    private static func price(_ provider: String, _ model: String, _ rates: Rates) -> PriceOverride {
        PriceOverride(provider: provider, model: model, card: RateCard(base: rates))
    }
}
