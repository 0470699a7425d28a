import SiraAdmin
import SiraAlerts
import SiraConfiguration
import SiraDashboard
package import SiraCore
import SiraExperiments
package import SiraIdentity
import SiraWire
package import SiraSQLite
import SiraCatalog
import SiraLedger
import SiraLimits
import SiraRouting
package import SiraStorage
import SiraTelemetry
import SiraTenancy
import Synchronization

/// How the configuration in force came about.
final class ReloadHistory: Sendable {
    private struct State {
        var settings: Settings
        var status: ConfigurationStatus
    }

    private let state: Mutex<State>

    init(_ settings: Settings, at time: Timestamp) {
        var status = ConfigurationStatus()
        status.path = settings.origin.file
        status.loadedAt = time
        state = Mutex(State(settings: settings, status: status))
    }

    var settings: Settings { state.withLock { $0.settings } }
    var status: ConfigurationStatus { state.withLock { $0.status } }

    func succeeded(_ settings: Settings, at time: Timestamp) {
        state.withLock {
            $0.settings = settings
            $0.status.loadedAt = time
            $0.status.reloadError = nil
            $0.status.reloadFailedAt = nil
        }
    }

    func failed(_ error: ConfigurationErrors, at time: Timestamp) {
        state.withLock {
            $0.status.reloadError = "\(error)"
            $0.status.reloadFailedAt = time
        }
    }
}

/// What the admin listener tells, gathered from where it is known.
struct AdminFacts: Sendable {
    let startedAt: Timestamp
    let clock: GatewayClock
    let registry: MetricsRegistry
    let books: Books
    let today: SharedReading<TodayStatus>
    let keyWatch: StoreWatch<KeyRing>
    let reloads: ReloadHistory
    let world: WorldReference
    let lanes: Int
    let listeners: ListenerState
    let health: HealthControl
    let limits: LimitBoard
    let rules: RuleMemory
    let queue: AdmissionQueue
    let billing: BillingAssembly
    let alerts: AlertKeeping
    let identity: Identity
    let configuration: ConfigurationDesk
    let playground: @Sendable (ResourceDesk) -> Playground
    let live: LiveHub

    var source: AdminSource {
        var source = AdminSource(
            status: { await status() },
            metrics: { registry.text() },
            obstacles: { obstacles },
            health: health.source,
            experiments: { books.experiments.board.report(at: clock.now()) },
            api: api,
            stripe: billing.webhook
        )
        source.surfaces = [ConsoleFiles(), openID]
        return source
    }

    /// The endpoints of all modules.
    private var api: AdminAPISource {
        var api = AdminAPISource(books.database, clock: clock, identity: identity) { [reloads, listeners] in
            let settings = reloads.settings.server
            return APIAddress(settings, listeners.address(of: .api, settings.address))
        }
        let alerts = alerts
        let reports = ReportSource(
            books.database,
            desk: api.desk,
            limits: limits,
            queue: queue,
            clock: clock,
            decision: { [books] in try await books.decisions.decision(of: $0) },
            world: { [world] in world.value }
        )
        api.endpoints += ReportEndpoints(reports).all
        let experiments = books.experiments.board
        api.endpoints +=
            RoutingEndpoints(
                RoutingSource(
                    reports: reports,
                    health: health.source.overview,
                    experiments: { [clock] in experiments.report(at: clock.now()) },
                    decisions: books.database.decisionLog
                )
            ).all
        api.endpoints += LiveEndpoints(live, desk: api.desk).all
        api.endpoints += billing.source(desk: api.desk).endpoints
        api.endpoints += SignInEndpoints(identity, settings: signIn).all
        api.endpoints +=
            AlertEndpoints(
                desk: api.desk,
                overview: { await alerts.overview() },
                tryOut: { await alerts.tryOut($0) }
            ).all
        api.endpoints += ConfigurationEndpoints(configuration.source).all
        api.endpoints += ProviderEndpoints(providers.source).all
        api.endpoints += NameEndpoints(names.source).all
        let playground = playground(api.desk)
        api.endpoints.append(PlaygroundEndpoint { try await playground.answer($0) }.endpoint)
        api.endpoints +=
            ExperimentEndpoints(
                ExperimentDesk(configuration: configuration, settings: { [reloads] in reloads.settings }).source
            ).all
        return api
    }

    private var signIn: @Sendable () -> SiraDashboard.SignInSettings {
        { [reloads] in SiraDashboard.SignInSettings(reloads.settings.admin.signIn) }
    }

    private var openID: OpenIDPages {
        let client = OpenIDClient(transport: OpenIDCarrier().send, seal: identity.seal, clock: clock)
        return OpenIDPages(identity, client: client, settings: signIn)
    }

    private var names: NameDesk {
        NameDesk(
            world: { [world] in world.value },
            settings: { [reloads] in reloads.settings },
            environment: configuration.environment,
            clock: clock
        )
    }

    private var providers: ProviderDesk {
        ProviderDesk(
            configuration: configuration,
            world: { [world] in world.value },
            settings: { [reloads] in reloads.settings },
            health: health,
            rollups: books.database.rollups,
            clock: clock
        )
    }

    private var obstacles: [String] {
        var obstacles: [String] = []
        if listeners.isDraining { obstacles.append("shutting down") }
        if !books.journal.acceptsRecords {
            obstacles.append(
                "the journal takes no more records: it is over storage.journal.max_bytes, or the disk is full or failing"
            )
        }
        return obstacles
    }

    private func status() async -> AdminStatus {
        let settings = reloads.settings
        let directory = world.value.directory
        var status = AdminStatus(version: siraVersion, startedAt: startedAt, now: clock.now())
        status.obstacles = obstacles
        status.problems = rules.problems + [configuration.problem].compactMap(\.self)
        status.lanes = lanes
        status.listeners = [
            ListenerStatus(
                name: "api",
                address: listeners.address(of: .api, settings.server.address).description,
                isEncrypted: settings.server.tls != nil
            ),
            ListenerStatus(
                name: "admin",
                address: listeners.address(of: .admin, settings.admin.address).description,
                isEncrypted: false
            ),
        ]
        let ailments = health.ailments()
        status.providers = directory.accesses.map { access in
            var provider = ProviderStatus(
                id: access.name,
                wireProtocol: access.wire.rawValue,
                address: access.baseURL.endpoint.authority,
                credential: access.credentials.isEmpty && access.signer == nil ? .unneeded : .present,
                modelCount: directory.listed.count { $0.owner == access.name }
            )
            provider.ailments = ailments[access.name] ?? []
            return provider
        }
        status.modelCount = directory.listed.count
        status.keyCount = await keyWatch.value.count
        status.today = await today.value()
        status.totals = registry.totals()
        let depth = books.journal.depth
        status.journal.bytes = depth.bytes
        status.journal.records = depth.records
        status.journal.oldestSeconds = depth.oldestAge.map { Double($0.wholeMicroseconds) / 1_000_000 }
        status.journal.writeErrors = books.journal.writeErrors
        status.journal.damagedSegments = depth.damagedSegments
        status.journal.isAlarming = books.journal.isAlarming
        status.configuration = reloads.status
        return status
    }
}

extension TodayStatus {
    /// What the books say of the day so far; nil where they cannot be read.
    static func read(from rollups: any RollupStore, at now: Timestamp) async -> TodayStatus? {
        var query = RollupQuery(.day)
        query.since = RollupPeriod.day.start(of: now)
        guard let lines = try? await rollups.totals(query) else { return nil }
        var today = TodayStatus(day: CalendarDay(daysSinceEpoch: now.day))
        for line in lines {
            today.requests += Int(line.totals.requests)
            today.failures += Int(line.totals.errors)
            today.inputTokens += Int(line.totals.input)
            today.outputTokens += Int(line.totals.output)
            today.cost += line.totals.cost
            today.unknownCostRequests += Int(line.totals.unpriced + line.totals.unknownUsage)
        }
        return today
    }
}

/// The world in force.
final class WorldReference: Sendable {
    private let world: Mutex<World>

    init(_ world: World) {
        self.world = Mutex(world)
    }

    var value: World {
        get { world.withLock { $0 } }
        set { world.withLock { $0 = newValue } }
    }
}

extension AdminAPISource {
    /// The admin API on a database.
    init(
        _ database: SQLiteDatabase,
        clock: GatewayClock,
        identity: Identity,
        api: @escaping @Sendable () -> APIAddress
    ) {
        self.init(
            desk: identity.desk,
            audit: database.audit,
            replies: database.replies,
            clock: clock,
            identity: identity,
            api: api
        )
        documents = database.documents
    }
}

extension ResourceDesk {
    /// The desk of a database, with the kinds of all modules.
    package init(_ database: SQLiteDatabase, clock: GatewayClock) {
        self.init(
            resources: database.sealedResources,
            keys: database.keys,
            tokens: database.tokens,
            types: ResourceType.known,
            clock: clock
        )
    }
}

extension Identity {
    /// Who signs in, as a database has it.
    package init(_ database: SQLiteDatabase, clock: GatewayClock) {
        let directory = database.directory
        self.init(
            desk: ResourceDesk(database, clock: clock),
            accounts: database.accounts,
            audit: database.audit,
            seal: { try MasterKey.seal(directory: directory, .process) },
            clock: clock
        )
    }
}

extension SQLiteDatabase {
    /// Resources with their secrets sealed by the master key, which lies beside the database unless the environment
    /// has it.
    var sealedResources: any ResourceStore {
        let directory = directory
        return SealedResourceStore(resources, types: ResourceType.known) {
            try MasterKey.seal(directory: directory, .process)
        }
    }
}

extension SiraAdmin.AdminSettings {
    init(_ settings: SiraConfiguration.AdminSettings) {
        self.init()
        host = settings.address.host
        port = settings.address.port
        token = settings.token
        names = settings.names
        publicURL = settings.signIn.publicURL
    }
}
