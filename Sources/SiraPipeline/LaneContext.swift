import SiraLimits
package import NIOCore
package import SiraCore
import SiraHealth
import SiraJSON
package import SiraLedger
import SiraRouting
import SiraStorage
package import SiraTelemetry
package import SiraTenancy
package import SiraWire

/// What requests on one lane share.
///
/// Confined to the lane's event loop.
package final class LaneContext {
    package let clock: GatewayClock
    package let transport: any Transport
    package let journal: JournalLane
    /// Who watches sees the ledger's lines by this; nil where nobody does.
    private let live: LiveLane?
    package let metrics: LaneMetrics
    package let registry: MetricsRegistry
    package let services: Services
    /// Replaced whole by a reload.
    package var snapshot: Snapshot
    /// Replaced whole when a key is made, changed or revoked.
    package var keys: KeyRing { didSet { accounts.forget() } }
    /// Replaced whole when a tenant or a rule is made, changed or removed.
    package var tenants: TenantBook { didSet { accounts.forget() } }
    /// What is known of the keys that were shown.
    var accounts = KeyAccounts()
    /// What requests to the deployments that were asked are counted by.
    var supplies = SupplyMeters()
    package var isDraining = false
    /// Requests that are being answered.
    package internal(set) var runningRequests = 0

    let indexer = JSONIndexer()
    var random: RandomReserve

    private let loop: any EventLoop
    /// What begins further work on the lane, now or later.
    let scheduler: any LaneScheduler
    private let onTick: () -> Void
    /// Streams that are being delivered.
    private var streams: [ObjectIdentifier: Answer] = [:]
    /// Sessions whose messages are being passed.
    private var sessions: [ObjectIdentifier: SessionRelay] = [:]
    /// The deployments that are being asked whether they work again.
    var probed: Set<String> = []
    /// Whether this lane is the one that asks.
    private let probes: Bool
    private var nextProbes: UInt64 = 0
    /// When those who wait for room are looked at next, and what takes that back.
    private var turnsAreDue = false
    private var turnTimer: (due: UInt64, cancel: () -> Void)?
    private var unflushed: [any ClientStream] = []
    private var deferred: [() -> Void] = []
    private var turnEndIsDue = false
    /// Lines of the access log that have not been handed over.
    private var accessLines: [UInt8] = []

    /// - Parameters:
    ///   - probes: whether this lane asks deployments that are ill whether they work again; one of a process does.
    ///   - onTick: what else is to be looked after a few times a second.
    package init(
        loop: any EventLoop,
        scheduler: any LaneScheduler,
        clock: GatewayClock,
        transport: any Transport,
        journal: JournalLane,
        live: LiveLane? = nil,
        metrics: LaneMetrics,
        registry: MetricsRegistry,
        services: Services,
        snapshot: Snapshot,
        keys: KeyRing,
        tenants: TenantBook = .empty,
        probes: Bool = true,
        random: RandomReserve = RandomReserve(),
        onTick: @escaping () -> Void
    ) {
        self.loop = loop
        self.scheduler = scheduler
        self.clock = clock
        self.transport = transport
        self.journal = journal
        self.live = live
        self.metrics = metrics
        self.registry = registry
        self.services = services
        self.snapshot = snapshot
        self.keys = keys
        self.tenants = tenants
        self.probes = probes
        self.random = random
        self.onTick = onTick
    }

    /// How deployments do.
    var health: HealthBoard { services.memory.health }

    // MARK: the end of the turn

    /// Has the client's bytes leave at the end of this turn of the event loop, after the journal's.
    ///
    /// All answers of a turn share one write to the journal, and all pieces of an answer one write to its socket.
    package func flushAtEndOfTurn(_ client: any ClientStream) {
        unflushed.append(client)
        expectTurnEnd()
    }

    /// Calls `action` at the end of this turn, after the bytes have left.
    package func afterTurn(_ action: @escaping () -> Void) {
        deferred.append(action)
        expectTurnEnd()
    }

    private func expectTurnEnd() {
        guard !turnEndIsDue else { return }
        turnEndIsDue = true
        // Tasks given to the loop from within run after the I/O of the same turn.
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute { bound.value.endTurn() }
    }

    private func endTurn() {
        turnEndIsDue = false
        // If it cannot be written, the records stay in memory and the journal raises the alarm; the clients get
        // their answers, and the next ones are refused once memory is full.
        journal.flush()
        let clients = unflushed
        unflushed.removeAll(keepingCapacity: true)
        for client in clients { client.flush() }
        guard !deferred.isEmpty else { return }
        let actions = deferred
        deferred = []
        for action in actions { action() }
    }

    /// Writes a line of the ledger.
    func enter(_ record: UsageRecord) {
        journal.append(record)
        live?.append(record)
    }

    // MARK: the access log

    /// Writes a request's line, which is handed over with others: a wake-up of the log's thread costs more than the
    /// line.
    func log(_ entry: AccessEntry) {
        services.access.append(entry, to: &accessLines)
        if accessLines.count > 16_384 { handOverLines() }
    }

    private func handOverLines() {
        guard !accessLines.isEmpty else { return }
        services.access.emit(accessLines)
        accessLines.removeAll(keepingCapacity: true)
    }

    // MARK: time

    /// Looks after a stream's silences from now on.
    func watch(_ stream: Answer) { streams[ObjectIdentifier(stream)] = stream }

    func unwatch(_ stream: Answer) { streams[ObjectIdentifier(stream)] = nil }

    /// Looks after a session's times from now on.
    func watch(_ session: SessionRelay) { sessions[ObjectIdentifier(session)] = session }

    func unwatch(_ session: SessionRelay) { sessions[ObjectIdentifier(session)] = nil }

    /// To be called a few times a second.
    package func tick() {
        if let limit = snapshot.policy.keepAlive {
            let now = clock.uptime()
            for stream in streams.values { stream.breakSilence(longerThan: limit, now: now) }
        }
        if !sessions.isEmpty {
            let now = clock.uptime()
            for session in sessions.values { session.checkDeadlines(now: now) }
        }
        if probes, clock.uptime() >= nextProbes {
            nextProbes = clock.uptime() + Duration.seconds(1).wholeNanoseconds
            Pipeline(self).probeIll()
        }
        serveTurns()
        onTick()
        journal.tick()
        live?.flush()
        handOverLines()
    }

    // MARK: turns

    /// Serves those who wait for room, now that there may be some.
    func serveTurns() {
        guard services.turns.count > 0 else { return }
        services.turns.poll(at: clock.uptime())
        expectTurns()
    }

    /// The same at the end of this turn of the event loop, once for all that has ended in it.
    func serveTurnsSoon() {
        guard services.turns.count > 0, !turnsAreDue else { return }
        turnsAreDue = true
        afterTurn { [weak self] in
            self?.turnsAreDue = false
            self?.serveTurns()
        }
    }

    /// Sees to it that those who wait are served as soon as time alone makes room.
    func expectTurns() {
        guard let wake = services.turns.nextWake else { return }
        if let turnTimer, turnTimer.due <= wake { return }
        turnTimer?.cancel()
        let now = clock.uptime()
        let cancel = scheduler.after(.nanoseconds(Int64(clamping: wake > now ? wake - now : 0))) { [weak self] in
            self?.turnTimer = nil
            self?.serveTurns()
        }
        turnTimer = (wake, cancel)
    }

    /// For the end of the lane: hands over what is left.
    ///
    /// - Returns: how many records could not be written.
    package func close() -> Int {
        handOverLines()
        return journal.close()
    }
}
