package import SiraCore
package import SiraStorage

/// Brings what organizations used, and what their plans include, from the roll-ups into the books.
package struct Settlement: Sendable {
    package let books: Books
    private let rollups: any RollupStore

    package init(books: Books, rollups: any RollupStore) {
        self.books = books
        self.rollups = rollups
    }

    /// Since when days are kept whole.
    ///
    /// Sums of older ones may be on their way out, and come to less without anybody having
    /// been charged too much.
    package var keptSince: @Sendable () -> Timestamp = { .earliest }

    /// How long after its end a day may still grow: a request counts for the day on which it came.
    package static let lateUsage = Duration.seconds(3 * 86_400)

    /// What an organization was charged for a day, by the roll-ups.
    package struct Day: Hashable, Sendable {
        package let organization: String
        package let day: CalendarDay
        package let charged: NanoUSD
    }

    /// The days of that time on which organizations used anything, the oldest first.
    ///
    /// Days that come to nothing, or to less by corrections, are among them: they may have come to more before.
    ///
    /// - Parameters:
    ///   - since: kept to the day.
    ///   - until: likewise, and not part of it.
    ///   - organization: nil for all.
    package func days(since: Timestamp?, until: Timestamp? = nil, of organization: String? = nil) async throws -> [Day]
    {
        var query = RollupQuery(.day, by: [.time, .organization])
        (query.since, query.until, query.organization) = (since, until, organization)
        (query.measures, query.latencies) = ([.charge], [])
        return try await rollups.totals(query).compactMap { line in
            guard let name = line.organization, !name.isEmpty, let start = line.start else { return nil }
            return Day(
                organization: name,
                day: CalendarDay(daysSinceEpoch: start.day),
                charged: line.totals.charge
            )
        }
    }

    /// Books what of the day's charge is not booked, and takes back what is booked and was corrected since.
    @discardableResult
    package func settle(_ day: Day, at now: Timestamp) async throws -> ChainedTransfer? {
        do {
            return try await books.settleUsage(of: day.organization, on: day.day, charged: day.charged, at: now)
        } catch BillingError.settledMore {
        } catch BillingError.invalid("charged", _) where day.charged < .zero {
        }
        // Another process may have settled more that has come since. What counts is what the roll-ups tell now.
        let start = Timestamp(microseconds: day.day.daysSinceEpoch * 86_400_000_000)
        let end = start.advanced(by: .seconds(86_400))
        guard start >= keptSince(), let told = try await days(since: start, until: end, of: day.organization).first
        else { return nil }
        return try await books.settleUsage(
            of: day.organization,
            on: day.day,
            charged: told.charged,
            givesBack: true,
            at: now
        )
    }

    /// Begins a month of a plan: what is left of the last month's credit goes, and the new month's is given.
    ///
    /// Where that was done, what the amount has grown by since is given, and what it fell by is taken back as far as it
    /// is left.
    ///
    /// The months' days are to be settled before.
    ///
    /// - Parameter amount: ``PlanSpell/includedCredit(_:)`` of the month.
    package func begin(
        _ month: BillingMonth,
        of organization: String,
        including amount: NanoUSD,
        at now: Timestamp
    ) async throws {
        // Once the month's own credit is there, nothing of it may be taken for what was left of the one before.
        if try await books.transfers(under: "grant:\(organization):\(month)", kind: .grant).isEmpty {
            try await books.expireIncluded(of: organization, for: month.previous, at: now)
        }
        try await books.grantIncluded(amount, to: organization, for: month, at: now)
        try await books.reduceIncluded(of: organization, for: month, to: amount, at: now)
    }

    /// The organizations that have something left of what a plan included.
    ///
    /// Those of them that are found without a plan afterwards are to be handed to
    /// ``Books/reduceIncluded(of:for:to:at:)``: credit
    /// that a plan includes ends with the plan.
    package func holdersOfIncluded() async throws -> [String] {
        let prefix = Account.Kind.included.rawValue + ":"
        let balances = try await books.store.balances(startingWith: prefix)
        return balances.filter { $0.value > .zero }.keys.sorted().map { String($0.dropFirst(prefix.count)) }
    }

    /// Tokens of prompts and answers of a month so far, by organization.
    package func tokens(in month: BillingMonth, of organization: String? = nil) async throws -> [String: Int64] {
        var query = RollupQuery(.day, by: [.organization])
        (query.since, query.until, query.organization) = (month.start, month.end, organization)
        (query.measures, query.latencies) = ([.input, .output], [])
        var tokens: [String: Int64] = [:]
        for line in try await rollups.totals(query) {
            guard let name = line.organization, !name.isEmpty else { continue }
            tokens[name] = line.totals.input.addingClamped(line.totals.output)
        }
        return tokens
    }

    /// The usage lines of an organization's month.
    ///
    /// - Parameter project: the name of the project with that id.
    package func usage(
        of organization: String,
        in month: BillingMonth,
        project: (String) -> String
    ) async throws -> [UsageCharge] {
        var query = RollupQuery(.day, by: [.project, .provider, .model])
        (query.since, query.until, query.organization) = (month.start, month.end, organization)
        query.latencies = []
        return try UsageCharge.lines(from: try await rollups.totals(query)) { project($0.project ?? "") }
    }

    /// The fee on what an organization saved in a month.
    package func savings(
        of organization: String,
        in month: BillingMonth,
        basisPoints: Int64 = SavingsShare.usualBasisPoints
    ) async throws -> SavingsShare {
        var first = month
        for _ in 0..<SavingsShare.baselineMonths { first = first.previous }
        return try SavingsShare(
            past: try await volumes(of: organization, since: first.start, until: month.start),
            present: try await volumes(of: organization, since: month.start, until: month.end),
            basisPoints: basisPoints
        )
    }

    private func volumes(
        of organization: String,
        since: Timestamp,
        until: Timestamp
    ) async throws -> [SavingsShare.Volume] {
        var query = RollupQuery(.day, by: [.requestedModel])
        (query.since, query.until, query.organization) = (since, until, organization)
        query.latencies = []
        return try SavingsShare.Volume.all(of: try await rollups.totals(query))
    }
}
