import Logging
import SiraAdmin
import SiraAlerts
import SiraCore
import SiraJSON
import SiraLimits
import SiraStorage
import SiraTenancy

/// Watches for what people are to be told of, and sees to it that they are.
///
/// Of several processes on one database each watches what it serves itself; what they remember is the last one's.
actor AlertKeeping {
    private let observer: AlertObserver
    private let resources: any ResourceStore
    private let documents: any DocumentStore
    private let deliverer: Deliverer
    private let sender: @Sendable () -> MailAddress?
    private let clock: GatewayClock
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private var engine = AlertEngine(rules: [])
    private var channels: [String: AlertChannel] = [:]
    private var token: ChangeToken?
    /// Budgets that there are; nil before they were read.
    private var budgets: Set<String>?
    /// What was told of late, the newest last.
    private var told: [Alert] = []
    private var unsaved = true
    /// When what is looked at seldom was looked at last, and what was seen then.
    private var looks: [Look: (at: Timestamp, seen: [AlertObservation])] = [:]
    private var failures: Set<String> = []

    /// What is looked at seldom.
    private enum Look: String, CaseIterable {
        case ofLate, keys, spending, forecasts

        /// How long to wait before the next look.
        var interval: Duration {
            switch self {
            case .ofLate: .seconds(15)
            case .keys: .seconds(60)
            case .spending: .seconds(600)
            case .forecasts: .seconds(3_600)
            }
        }
    }

    /// How often what is at hand is looked at.
    static let interval = Duration.seconds(2)
    /// How many alerts are remembered that were told.
    private static let memory = 200

    init(
        observer: AlertObserver,
        resources: any ResourceStore,
        documents: any DocumentStore,
        deliverer: Deliverer,
        sender: @escaping @Sendable () -> MailAddress?,
        clock: GatewayClock,
        logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.observer = observer
        self.resources = resources
        self.documents = documents
        self.deliverer = deliverer
        self.sender = sender
        self.clock = clock
        self.logger = logger
        self.sleep = sleep
    }

    /// Watches until the task is cancelled, and keeps what it remembers.
    func run() async {
        await restore()
        while (try? await sleep(Self.interval)) != nil { await watch() }
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.save() }.value
    }

    /// Looks at everything once.
    func watch() async {
        await attempt("rules") { try await adoptRules() }
        let now = clock.now()
        // Levels that were reached are seen from how budgets stand; what was noted on the way only has to go.
        _ = observer.limits.alerts.drain(at: now)
        var observations = observer.atHand()
        for look in Look.allCases {
            let known = looks[look]
            if known.map({ $0.at.advanced(by: look.interval) <= now || $0.at > now }) ?? true {
                await attempt(look.rawValue) { looks[look] = (now, try await see(look)) }
            }
            observations += looks[look]?.seen ?? []
        }
        await tell(engine.drop(at: now, where: isGone))
        await tell(engine.evaluate(observations, at: now))
        if unsaved { await save() }
    }

    /// Whether the budget that a condition is of was removed; what is observed of budgets begins with their ids.
    ///
    /// Other subjects may begin alike: a key has whatever name it was given.
    private func isGone(_ condition: AlertCondition, _ kind: AlertKind?) -> Bool {
        guard let budgets, kind == .budgetThreshold || kind == .forecastOverBudget,
            let id = condition.subject.split(separator: " ").first.map(String.init)
        else { return false }
        return ResourceKind.budget.isID(id) && !budgets.contains(id)
    }

    private func see(_ look: Look) async throws -> [AlertObservation] {
        switch look {
        case .ofLate: try await observer.ofLate()
        case .keys: try await observer.keysAtTheirEnd()
        case .spending: try await observer.spending()
        case .forecasts: try await observer.forecasts()
        }
    }

    private func tell(_ alerts: [Alert]) async {
        guard !alerts.isEmpty else { return }
        for alert in alerts {
            logger.notice(
                "alert",
                metadata: [
                    "occasion": "\(alert.occasion.rawValue)", "kind": "\(alert.kind.rawValue)",
                    "subject": "\(alert.subject)", "severity": "\(alert.severity.rawValue)",
                ]
            )
        }
        told = (told + alerts).suffix(Self.memory)
        unsaved = true
        await deliverer.post(alerts)
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            failures.remove(what)
        } catch {
            guard failures.insert(what).inserted else { return }
            logger.warning("alerts: a look failed", metadata: ["at": "\(what)", "error": "\(error)"])
        }
    }

    // MARK: rules and channels

    private func adoptRules() async throws {
        let current = try await resources.changeToken()
        guard current != token else { return }
        var (made, found): ([AlertRule], [AlertChannel]) = ([], [])
        var usual: [String] = []
        var budgets: Set<String> = []
        for document in try await resources.all() {
            switch document.kind {
            case .budget: budgets.insert(document.id)
            case .alertRule:
                made.append(try JSONIndexer().read(document.json) { try AlertRuleTerms.read($0) }.rule(id: document.id))
            case .alertChannel:
                let terms = try JSONIndexer().read(document.json) { try AlertChannelTerms.read($0) }
                guard terms.isReadable else {
                    logger.error(
                        "an alert channel's secrets cannot be read with this master key; give them anew, or the old key",
                        metadata: ["channel": "\(document.id)", "name": "\(terms.name)"]
                    )
                    continue
                }
                guard let channel = terms.channel(id: document.id, sender: sender()) else { continue }
                found.append(channel)
                if terms.takesUsualRules { usual.append(document.id) }
            default: break
            }
        }
        self.budgets = budgets
        channels = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        await deliverer.replaceChannels(found)
        await tell(engine.replaceRules(made + AlertRule.usual(beside: made, channels: usual), at: clock.now()))
        token = current
    }

    // MARK: what is remembered

    private func restore() async {
        await attempt("state") {
            try await adoptRules()
            let now = clock.now()
            if let state = try await documents.document(.alertState, "engine") {
                try engine.restore(state, at: now)
            }
            if let waiting = try await documents.document(.alertState, "waiting") {
                try await deliverer.restore(waiting)
            }
        }
    }

    private func save() async {
        let (state, waiting) = (engine.stateJSON, await deliverer.waitingJSON)
        unsaved = false
        await attempt("memory") {
            _ = try await documents.update(.alertState, "engine") { _ in state }
            _ = try await documents.update(.alertState, "waiting") { _ in waiting }
        }
    }

    // MARK: for people

    /// What is bad now, what was told of late, and how deliveries go.
    func overview() async -> AlertOverview {
        AlertOverview(
            rules: engine.rules,
            conditions: engine.all,
            told: told.reversed(),
            counts: await deliverer.counts,
            waiting: await deliverer.waiting
        )
    }

    /// Sends a message to a channel to try it out; nil where there is no such channel.
    func tryOut(_ id: String) async -> DeliveryVerdict? {
        await attempt("rules") { try await adoptRules() }
        guard let channel = channels[id] else { return nil }
        return await deliverer.attempt(.trial(at: clock.now()), on: channel)
    }
}
