import SiraAlerts
import SiraCore
import SiraHealth
import SiraInsight
import SiraLimits
import SiraStorage
import SiraTenancy

/// Looks at everything that rules of alerts may be about.
struct AlertObserver: Sendable {
    let limits: LimitBoard
    let health: HealthBoard
    let rollups: any RollupStore
    let keys: any KeyStore
    /// What of the journal waits for the database: bytes, and the age of the oldest record.
    let journal: @Sendable () -> (bytes: Int, oldest: Duration?)
    /// How many requests wait for their turn.
    let queue: @Sendable () -> Int
    let clock: GatewayClock

    /// What is known without asking the database.
    func atHand() -> [AlertObservation] {
        let (now, uptime) = (clock.now(), clock.uptime())
        var observations: [AlertObservation] = []
        for status in limits.budgets(at: now) {
            if status.meter.rule.hasPrefix(BillingKeeping.creditPrefix) {
                observations.append(Self.credit(status))
            } else if let observation = AlertObservation.budget(
                status.meter.scope,
                named: "\(status.meter.rule) \(status.meter.scope)",
                spent: status.settled,
                of: status.allowance
            ) {
                observations.append(observation)
            }
        }
        for (name, isDown) in providers(at: uptime).sorted(by: { $0.key < $1.key }) {
            observations.append(.provider(name, isDown: isDown))
        }
        let (bytes, oldest) = journal()
        let age = Double(oldest?.wholeMicroseconds ?? 0) / 1_000_000
        return observations + [
            AlertObservation(.journalDepth, subject: "journal", figure: Double(bytes)),
            AlertObservation(.journalAge, subject: "journal", figure: age),
            AlertObservation(.queueDepth, subject: "queue", figure: Double(queue())),
        ]
    }

    private static func credit(_ status: BudgetStatus) -> AlertObservation {
        let left = NanoUSD(nanos: status.allowance.nanos - status.settled.nanos)
        return AlertObservation(
            .creditLow,
            subject: status.meter.scope.description,
            scope: status.meter.scope,
            figure: Double(left.nanos) / Double(NanoUSD.perDollar)
        )
    }

    /// Whether each provider that was asked answers nothing at the moment: none of its deployments may be used.
    private func providers(at uptime: UInt64) -> [String: Bool] {
        var down: [String: Bool] = [:]
        for deployment in health.deployments() where deployment.isUsed && !deployment.isDrained {
            let isOut = deployment.standing(at: uptime).state != .closed
            down[deployment.access.name] = (down[deployment.access.name] ?? true) && isOut
        }
        return down
    }

    /// How many requests failed of late, and how prompts are found in caches.
    func ofLate() async throws -> [AlertObservation] {
        let now = clock.now()
        var query = RollupQuery(.minute, by: [.provider])
        // The minute that runs is not over, and its records are still on their way.
        let end = RollupPeriod.minute.start(of: now)
        (query.since, query.until) = (end.advanced(by: .seconds(-300)), end)
        (query.measures, query.latencies) = ([.requests, .errors], [])
        var observations: [AlertObservation] = []
        for line in try await rollups.totals(query) {
            guard let provider = line.provider, !provider.isEmpty else { continue }
            let (failed, all) = (Int(line.totals.errors), Int(line.totals.requests))
            let scope = Scope(.provider, provider)
            if let seen = AlertObservation.errors(failed, of: all, subject: provider, scope: scope) {
                observations.append(seen)
            }
        }
        return observations + (try await cacheHits(until: RollupPeriod.hour.start(of: now)))
    }

    /// The share of prompts that providers had kept, in the last hour and the day before.
    private func cacheHits(until end: Timestamp) async throws -> [AlertObservation] {
        var query = RollupQuery(.hour, by: [.provider])
        (query.measures, query.latencies) = ([.requests, .input, .cacheRead], [])
        (query.since, query.until) = (end.advanced(by: .seconds(-3_600)), end)
        let last = try await rollups.totals(query)
        (query.since, query.until) = (end.advanced(by: .seconds(-90_000)), end.advanced(by: .seconds(-3_600)))
        let before = Dictionary(try await rollups.totals(query).map { ($0.provider ?? "", $0.totals) }) { first, _ in
            first
        }
        return last.compactMap { line in
            guard let provider = line.provider, !provider.isEmpty, let past = before[provider], past.cacheRead > 0,
                past.input > 0, line.totals.input > 0
            else { return nil }
            let was = Double(past.cacheRead) / Double(past.input)
            let share = Double(line.totals.cacheRead) / Double(line.totals.input)
            return AlertObservation(
                .cacheHitDrop,
                subject: provider,
                scope: Scope(.provider, provider),
                figure: (was - share) / was,
                basis: "\(AlertFigure.percent(share)) / \(AlertFigure.percent(was))",
                sample: Int(line.totals.requests)
            )
        }
    }

    /// Keys that expire within a month.
    func keysAtTheirEnd() async throws -> [AlertObservation] {
        let now = clock.now()
        return try await keys.allKeys().compactMap { key in
            guard key.revokedAt == nil, let end = key.expiresAt, end > now else { return nil }
            let seconds = end.seconds - now.seconds
            // What was made for a day at most ends as it was meant to.
            let isBrief = end.seconds - key.createdAt.seconds <= 86_400
            guard seconds < 31 * 86_400, !isBrief else { return nil }
            let scope = Scope(.key, key.id)
            return AlertObservation(
                .keyExpiring,
                subject: "\(key.name) (\(key.id))",
                scope: scope,
                figure: Double(seconds)
            )
        }
    }

    /// How far the last whole hour's spending is from what was to be expected.
    func spending() async throws -> [AlertObservation] {
        let end = RollupPeriod.hour.start(of: clock.now())
        let start = end.advanced(by: .seconds(-43 * 86_400))
        let slices = try await rollups.spend(.gateway, since: start, until: end, by: .hour)
        guard let first = slices.first?.start else { return [] }
        let hours = Int((end.microseconds - first.microseconds) / RollupPeriod.hour.microseconds)
        var values = [Double](repeating: 0, count: max(0, hours))
        for slice in slices {
            let place = Int((slice.start.microseconds - first.microseconds) / RollupPeriod.hour.microseconds)
            guard values.indices.contains(place) else { continue }
            values[place] += Double(slice.charge.nanos) / Double(NanoUSD.perDollar)
        }
        let series = HourlySeries(start: first, values: values)
        guard let hour = AnomalyDetector(.spend).assessLast(series) else { return [] }
        return [
            AlertObservation(
                .spendSpike,
                subject: "gateway",
                scope: .gateway,
                // A great score of a small change is nothing to tell of.
                figure: hour.isAnomaly ? hour.score : 0,
                basis: hour.reason
            )
        ]
    }

    /// What budgets of months are expected to come to.
    func forecasts() async throws -> [AlertObservation] {
        let now = clock.now()
        let today = CalendarDay(daysSinceEpoch: now.day)
        var observations: [AlertObservation] = []
        for status in limits.budgets(at: now) {
            guard let start = status.start, let end = status.end, end.day - start.day >= 28, end.day - start.day <= 31
            else { continue }
            let since = now.advanced(by: .seconds(-90 * 86_400))
            let slices = try await rollups.spend(status.meter.scope, since: since, until: nil, by: .day)
            guard let first = slices.first?.start.day, now.day - first >= 7 else { continue }
            var amounts = [NanoUSD](repeating: .zero, count: Int(now.day - first) + 1)
            for slice in slices where amounts.indices.contains(Int(slice.start.day - first)) {
                amounts[Int(slice.start.day - first)] += status.meter.scope.isOfSupply ? slice.cost : slice.charge
            }
            let history = DailySeries(first: CalendarDay(daysSinceEpoch: first), amounts: amounts)
            let passed = Double(now.microseconds - RollupPeriod.day.start(of: now).microseconds) / 86_400_000_000
            let last = CalendarDay(daysSinceEpoch: end.day - 1)
            let rest = Forecast(of: history, passed: passed, through: last).total(from: today, through: last)
            let todaysOwn = amounts.last ?? .zero
            let dollars = (rest?.expected ?? 0) * Double(NanoUSD.perDollar)
            guard dollars.isFinite, dollars < 9e18 else { continue }
            // Today is in the forecast, and what was spent today in what is settled.
            let expected =
                NanoUSD(nanos: status.settled.nanos - min(status.settled.nanos, todaysOwn.nanos))
                + NanoUSD(nanos: Int64(dollars))
            let name = "\(status.meter.rule) \(status.meter.scope)"
            if let seen = AlertObservation.forecast(
                status.meter.scope,
                named: name,
                expected: expected,
                of: status.allowance
            ) {
                observations.append(seen)
            }
        }
        return observations
    }
}
