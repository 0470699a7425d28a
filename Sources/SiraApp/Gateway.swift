import Dispatch
import Logging
import ServiceLifecycle
import SiraAdmin
import SiraAlerts
import SiraBilling
package import SiraConfiguration
import SiraCore
import SiraDashboard
import NIOCore
import SiraHealth
import UnixSignals
import SiraCatalog
import SiraExperiments
import SiraIdentity
import SiraLedger
import SiraLimits
import SiraPipeline
import SiraRouting
import SiraSQLite
import SiraServer
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraWire

/// The whole program: builds everything from the settings, and runs it until it is asked to stop.
package enum Gateway {
    /// Serves in the foreground.
    ///
    /// Returns after SIGTERM or SIGINT, when all that was running has ended.
    ///
    /// - Parameter configuration: the file's path; nil for `SIRA_CONFIG`, then `sira.yaml` where there is one.
    /// - Throws: ``ConfigurationErrors`` and other errors whose description says what to do.
    package static func serve(configuration: String?, environment: Environment) async throws {
        let stamp = ConfigurationWatcher.stamp(path: configuration, environment: environment)
        let memory = RoutingMemory()
        let file = try StartingFile(path: configuration, environment: environment)
        let database = try SQLiteDatabase(path: try DataDirectory.databasePath(file.storage))
        let vault = LayerVault(database)
        let starting = try await StartingConfiguration(file, vault: vault, memory: memory)
        let (settings, preparation) = (starting.settings, starting.preparation)
        let world = preparation.world
        let clock = GatewayClock.system
        let writer = LogWriter()
        defer { writer.flush() }
        let output = LogOutput(settings.logging, clock: clock, writer: writer)
        LoggingSystem.bootstrap { label in output.makeHandler(label: label) }
        let logger = Logger(label: "sira")
        if let problem = starting.problem { logger.error("\(problem)") }

        // The books.
        let books = try Books(
            database,
            settings.storage,
            keepingDecisionsFor: settings.routing.decisions.keep ?? .zero,
            clock: clock,
            logger: logger
        )
        try await books.experiments.load()
        let experiments = books.experiments.board
        experiments.adopt(settings.experimentSpecs, at: clock.now())
        let laneSet = LaneSetReference()
        let (keyStore, resources) = (books.database.keys, books.database.resources)
        let keyWatch = try await StoreWatch(
            of: "keys",
            changeToken: { try await keyStore.changeToken() },
            read: { KeyRing(try await keyStore.allKeys()) },
            clock: clock,
            logger: logger
        ) { ring in
            laneSet.value?.onEach { $0.adopt(ring) }
        }

        // Tenants and their rules.
        let limits = LimitBoard(clock: clock)
        var settlement = Settlement(
            books: SiraBilling.Books(books.database.transfers),
            rollups: books.database.rollups
        )
        if let kept = settings.storage.retention.days.duration {
            // The day at whose end it is deleted, and one for slow clocks.
            settlement.keptSince = { clock.now().advanced(by: .seconds(2 * 86_400) - kept) }
        }
        let billing = BillingKeeping(
            settlement: settlement,
            history: PlanHistory(audit: books.database.audit) { try await PlanTerms.all(in: resources) },
            resources: resources,
            clock: clock,
            logger: logger
        )
        let keeping = TenantKeeping(
            board: limits,
            rollups: books.database.rollups,
            rulesBeside: { await billing.rules(for: $0) },
            unbooked: { books.journal.depth.oldestAge },
            clock: clock,
            logger: logger
        )
        let tenantWatch = try await StoreWatch(
            of: "tenants",
            // Another day, and an exchange rate that was entered before begins to hold.
            changeToken: { try await books.database.ruleChangeToken(plus: billing.generation + clock.now().day) },
            read: { TenantBook(try await resources.all(), at: clock.now()) },
            clock: clock,
            logger: logger
        ) { book in
            await keeping.adopt(book)
            laneSet.value?.onEach { $0.adopt(book) }
        }
        let book = await tenantWatch.value
        if !book.budgets.isEmpty || book.organizations.values.contains(where: \.isPrepaid) {
            // What an earlier process spent and had no time to ship is in the journal still.
            do {
                _ = try await books.journal.shipOnce()
            } catch {
                logger.warning("budgets begin without what is in the journal", metadata: ["error": "\(error)"])
            }
        }
        await keeping.adopt(await tenantWatch.value)

        // The data plane.
        let count = settings.server.lanes ?? System.coreCount
        let registry = MetricsRegistry(
            operations: Operation.allCases.map {
                OperationLabels(name: $0.label, clientProtocol: $0.clientProtocol.rawValue)
            },
            version: siraVersion
        )
        registry.register(books.metrics)
        let healthMetrics = HealthMetrics(memory.health, clock: clock)
        registry.register(families: healthMetrics.families)
        let queue = AdmissionQueue(capacity: settings.limits.queue.size, ageing: settings.limits.queue.ageing)
        let (live, running) = (LiveFeed(), RequestCount())
        let parts = LaneSet.Parts(
            server: preparation.server,
            upstream: preparation.upstream,
            tls: preparation.tls,
            socketTLS: preparation.socketTLS,
            journal: books.journal,
            live: live,
            registry: registry,
            services: Services(
                refreshKeys: { await keyWatch.refreshed() },
                records: { try await books.records(of: $0) },
                objects: books.database.objects,
                responses: books.responses,
                decisions: books.decisions,
                feedback: books.database.feedback,
                feedbackTime: books.requestTime,
                experiments: experiments,
                acceptsRecords: { books.journal.acceptsRecords },
                unreadiness: { books.journal.acceptsRecords ? nil : "the journal takes no more records" },
                limits: limits,
                turns: queue,
                memory: memory,
                access: output,
                running: running,
                logger: logger
            ),
            clock: clock
        )
        let lanes = try await LaneSet(
            count: count,
            parts: parts,
            snapshot: Snapshot(settings, world),
            keys: await keyWatch.value,
            tenants: await tenantWatch.value
        )
        laneSet.value = lanes

        // The control plane.
        let listeners = ListenerState()
        let reloads = ReloadHistory(settings, at: clock.now())
        let worldInForce = WorldReference(world)
        let watcherReference = WatcherReference()
        let desk = ConfigurationDesk(
            vault: vault,
            watcher: watcherReference,
            environment: environment,
            settings: { reloads.settings },
            startProblem: starting.problem,
            clock: clock,
            settled: { _ = await lanes.collect { _ in true } }
        )
        let carrier = AlertCarrier(settings: { reloads.settings })
        let deliverer = Deliverer(channels: [], log: logger, clock: clock) { try await carrier.send($0) }
        let alerts = AlertKeeping(
            observer: AlertObserver(
                limits: limits,
                health: memory.health,
                rollups: books.database.rollups,
                keys: keyStore,
                journal: { (books.journal.depth.bytes, books.journal.depth.oldestAge) },
                queue: { queue.count },
                clock: clock
            ),
            resources: books.database.sealedResources,
            documents: books.database.documents,
            deliverer: deliverer,
            sender: { carrier.sender },
            clock: clock,
            logger: logger
        )
        let identity = Identity(books.database, clock: clock)
        // Before the listener opens, so that nobody who has no account gets in while it is looked for.
        _ = try await identity.hasAccounts()
        let facts = AdminFacts(
            startedAt: clock.now(),
            clock: clock,
            registry: registry,
            books: books,
            today: SharedReading(patience: .seconds(2)) { [rollups = books.database.rollups] in
                await .read(from: rollups, at: clock.now())
            },
            keyWatch: keyWatch,
            reloads: reloads,
            world: worldInForce,
            lanes: count,
            listeners: listeners,
            health: HealthControl(memory: memory, clock: clock, logger: logger) { worldInForce.value.directory },
            limits: limits,
            rules: keeping.memory,
            queue: queue,
            billing: BillingAssembly(
                database: books.database,
                settlement: settlement,
                clock: clock,
                logger: logger,
                settings: { reloads.settings.billing }
            ),
            alerts: alerts,
            identity: identity,
            configuration: desk,
            playground: { desk in
                Playground(
                    keys: PlaygroundKeys(desk: desk, clock: clock),
                    lanes: laneSet,
                    needsNoKey: {
                        guard GatewayPolicy(reloads.settings).anonymous == .untilFirstKey else { return false }
                        return await keyWatch.refreshed().count == 0
                    },
                    records: { try await books.records(of: $0) }
                )
            },
            live: LiveHub(
                LiveSource(
                    lines: { live.drain() },
                    inflight: { running.value },
                    keyName: { try? await keyStore.key($0)?.name },
                    firing: {
                        await alerts.overview().conditions.filter { $0.phase == .firing }
                            .map { "\($0.rule) \($0.subject)" }.sorted()
                    },
                    clock: clock
                )
            )
        )
        let announceOpen: @Sendable (ListenerName, Int) async -> Void = { name, port in
            guard listeners.opened(name, port: port) else { return }
            var banner = Banner(
                settings: settings,
                world: world,
                keys: await keyWatch.value.count,
                api: listeners.address(of: .api, settings.server.address),
                admin: listeners.address(of: .admin, settings.admin.address),
                configuration: configuration
            )
            if settings.admin.signIn.takesPasswords, !identity.isClosed {
                banner.setUpCode = identity.setUpCode.text
                logger.notice("nobody owns the gateway yet", metadata: ["set_up": "\(banner.setUpLink ?? "")"])
            }
            Console.show(banner.text)
        }
        let admin = try AdminServer(
            settings: preparation.admin,
            source: facts.source,
            logger: logger,
            onListening: { await announceOpen(.admin, $0) }
        )

        // Reloading.
        let watcher = ConfigurationWatcher(
            settings,
            stamp: stamp,
            path: configuration,
            environment: environment,
            layer: starting.layer,
            ignoresLayer: starting.problem != nil,
            fits: { (try? Preparation(settings: $0, environment: environment)) != nil }
        ) { change in
            reload(
                change,
                environment,
                lanes: lanes,
                admin: admin,
                output: output,
                history: reloads,
                world: worldInForce,
                memory: memory,
                experiments: experiments,
                live: facts.live,
                clock: clock,
                logger: logger
            )
        }

        watcherReference.value = watcher

        let hangups = HangupSignal { watcher.reload() }
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    // In the order of starting; they are stopped in the opposite one.
                    .init(service: BackgroundService { await books.journal.run() }),
                    .init(service: BackgroundService { await books.retention.run() }),
                    .init(service: BackgroundService { await books.responses.run() }),
                    .init(service: BackgroundService { await books.decisions.run() }),
                    .init(service: BackgroundService { await books.experiments.run() }),
                    .init(service: BackgroundService { await keyWatch.run() }),
                    .init(service: BackgroundService { await tenantWatch.run() }),
                    .init(service: BackgroundService { await billing.run() }),
                    .init(service: BackgroundService { await deliverer.run() }),
                    .init(service: BackgroundService { await alerts.run() }),
                    .init(service: BackgroundService { await facts.live.run() }),
                    .init(service: BackgroundService { await identity.watch(every: .seconds(5)) }),
                    .init(service: BackgroundService { await watcher.run() }),
                    .init(service: ControlPlane(server: admin, address: settings.admin.address)),
                    .init(
                        service: DataPlane(
                            lanes: lanes,
                            settings: parts.server,
                            drainTimeout: settings.server.drainTimeout,
                            listeners: listeners,
                            logger: logger,
                            onListening: { await announceOpen(.api, $0) }
                        )
                    ),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
        hangups.stop()
        try await lanes.group.shutdownGracefully()
        try books.database.close()
        logger.info("stopped")
    }

    /// Takes over what can be taken over while running.
    ///
    /// - Returns: whether it could be.
    private static func reload(
        _ change: ConfigurationWatcher.Change,
        _ environment: Environment,
        lanes: LaneSet,
        admin: AdminServer,
        output: LogOutput,
        history: ReloadHistory,
        world inForce: WorldReference,
        memory: RoutingMemory,
        experiments: ExperimentBoard,
        live: LiveHub,
        clock: GatewayClock,
        logger: Logger
    ) -> Bool {
        do throws(ConfigurationErrors) {
            switch change {
            case .refused(let errors): throw errors.withNames(environment)
            case .applied(let settings, let needRestart):
                let world = try World(settings: settings, environment: environment, memory: memory)
                let snapshot = Snapshot(settings, world)
                try admin.adopt(settings)
                memory.health.adopt(settings.routing.health)
                lanes.onEach { $0.adopt(snapshot) }
                experiments.adopt(settings.experimentSpecs, at: clock.now())
                inForce.value = world
                Task { await live.publish("config", Array("{}".utf8)) }
                // What was known of providers that are gone would be shown, and asked for, for good.
                memory.health.forget(allBut: Set(world.accesses.map(\.name)))
                output.adopt(settings.logging)
                history.succeeded(settings, at: clock.now())
                logger.notice("configuration reloaded", metadata: ["providers": "\(world.accesses.count)"])
                for warning in world.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
                if !needRestart.isEmpty {
                    logger.warning(
                        "some settings take effect only after a restart",
                        metadata: ["settings": "\(needRestart.joined(separator: ", "))"]
                    )
                }
                return true
            }
        } catch {
            history.failed(error, at: clock.now())
            logger.error("the configuration has mistakes and was not taken over; everything is as before")
            for problem in error.description.split(separator: "\n") {
                logger.error("configuration", metadata: ["problem": "\(problem)"])
            }
            return false
        }
    }
}

extension Snapshot {
    /// What requests are decided by under these settings.
    convenience init(_ settings: Settings, _ world: World) {
        self.init(
            directory: world.directory,
            dialects: .all,
            policy: GatewayPolicy(settings)
        )
    }
}

extension AdminServer {
    /// Takes over who may use it.
    fileprivate func adopt(_ settings: Settings) throws(ConfigurationErrors) {
        do throws(AdminSettingsError) {
            try adopt(SiraAdmin.AdminSettings(settings.admin))
        } catch {
            let problem = settings.origin.problem(at: "admin", "\(error)")
            throw ConfigurationErrors(file: settings.origin.file, problems: [problem])
        }
    }
}
