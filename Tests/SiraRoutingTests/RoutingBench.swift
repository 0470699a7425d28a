import SiraCatalog
import SiraCore
import SiraHealth
import SiraRouting
import SiraSignals
import SiraTesting
import SiraWire

/// A few providers with a few models, and what is known of their health.
struct RoutingBench {
    /// What one model is like; dollars for a million tokens.
    struct Entry {
        var access: String
        var model: String
        var input: Double?
        var output: Double?
        var cached: Double?
        var quality: Double?
        var context: Int?
        var capabilities: Capabilities = []
        var kind = ModelKind.chat

        init(_ access: String, _ model: String, _ input: Double? = nil, _ output: Double? = nil) {
            (self.access, self.model, self.input, self.output) = (access, model, input, output)
        }

        func with(_ change: (inout Entry) -> Void) -> Entry {
            var entry = self
            change(&entry)
            return entry
        }
    }

    let catalog: Catalog
    let accesses: [ProviderAccess]
    let health = HealthBoard()
    let clock = VirtualClock()

    init(_ entries: [Entry], regions: [String: String] = [:], retentionFree: Set<String> = []) throws {
        var overrides = CatalogOverrides()
        var names: [String] = []
        for entry in entries where !names.contains(entry.access) { names.append(entry.access) }
        for name in names {
            var provider = ProviderOverride(id: name)
            provider.baseURL = "https://\(name).test/v1"
            provider.isKeyOptional = true
            overrides.providers.append(provider)
        }
        for entry in entries {
            var model = ModelOverride(provider: entry.access, id: entry.model)
            model.kind = entry.kind
            model.context = entry.context
            model.capabilities = entry.capabilities
            model.quality = entry.quality
            overrides.models.append(model)
            guard let input = entry.input, let output = entry.output else { continue }
            var rates = Rates(input: Int64(input * 1e9), output: Int64(output * 1e9))
            rates.cacheRead = entry.cached.map { Int64($0 * 1e9) }
            overrides.prices.append(
                PriceOverride(provider: entry.access, model: entry.model, card: RateCard(base: rates))
            )
        }
        let catalog = try Catalog(providers: [], models: []).applying(overrides)
        self.catalog = catalog
        accesses = try names.compactMap { name in
            try catalog.provider(name).map {
                try ProviderAccess(
                    provider: $0,
                    keys: [],
                    region: regions[name],
                    isZeroRetention: retentionFree.contains(name)
                )
            }
        }
    }

    func directory(aliases: [ModelAlias] = [], routes: [RouteSpec] = []) -> Directory {
        Directory(catalog: catalog, accesses: accesses, aliases: aliases, routes: routes, health: health)
    }

    func question(
        _ model: String,
        _ operation: SiraWire.Operation = .chat,
        facts: @escaping () throws(GatewayError) -> RequestFacts = { () throws(GatewayError) in RequestFacts() }
    ) -> RouteQuestion {
        RouteQuestion(model: model, operation: operation, now: clock.now, uptime: clock.uptime, facts: facts)
    }

    /// The health of a deployment, such as `a/m`.
    func health(of id: String) -> DeploymentHealth {
        let name = String(id.prefix { $0 != "/" })
        return health.deployment(id, of: health.access(name, keys: []))
    }

    /// Answers of a deployment that have been seen.
    func answer(_ id: String, times: Int = 20, firstToken: Duration = .milliseconds(100), output: Int = 100) {
        let health = health(of: id)
        for _ in 0..<times {
            guard let begun = health.begin(at: clock.uptime, tokens: 0) else { return }
            let end = AttemptEnd(
                .success,
                firstToken: firstToken.wholeNanoseconds,
                inputTokens: 100,
                cachedTokens: 0,
                outputTokens: output
            )
            health.end(begun, end, at: clock.uptime + firstToken.wholeNanoseconds * 2)
        }
    }
}

extension Directory {
    func plan(_ question: RouteQuestion, seed: UInt64 = 1) throws(GatewayError) -> Plan {
        var random = SeededRandom(seed: seed)
        return try plan(question, using: &random)
    }
}

extension Plan {
    var ids: [String] { candidates.map(\.deployment.id) }
    var first: String? { ids.first }
    var rejected: [String: String] {
        Dictionary(rejections.map { ($0.target, $0.cause.filter) }) { first, _ in first }
    }
}
