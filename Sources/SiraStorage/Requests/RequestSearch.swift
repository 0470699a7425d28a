package import SiraCore

/// Which requests are asked for: one line for each, however many attempts it took.
///
/// What is nil is not looked at. Names are those of the attempt that counts.
package struct RequestSearch: Hashable, Sendable {
    /// By what the requests are put in order, the greatest first.
    package enum Order: String, Hashable, Sendable, CaseIterable {
        case time, latency, ttft, cost, tokens
    }

    /// Tenants, names, times, place in the order and how many.
    package var filter = UsageFilter()
    /// All of them have to be true.
    package var terms: [RequestTerm] = []
    package var order = Order.time
    /// Whether the least come first; by time the newest always do.
    package var isAscending = false
    /// So many are passed over; for other orders than by time.
    package var offset = 0
    /// From how many microseconds on a request is slow.
    package var slow: Int64 = Self.usualSlow
    /// So many lines of the ledger are looked at.
    package var budget = Self.usualBudget

    /// Whether whoever asks may see nothing beyond the tenants, or the key, of the filter.
    ///
    /// Lines are then gone through by those: how far one came by another way would tell of lines of others.
    package var isConfined = false

    package static let usualSlow: Int64 = 5_000_000
    package static let usualBudget = 20_000
    /// The same where each line is looked at closely.
    package static let closeBudget = 5_000

    package init() {}
}

/// What a search has found.
package struct RequestPage: Hashable, Sendable {
    /// In the order asked for.
    package var requests: [RequestEntry] = []
    /// Where the search goes on; nil when there is no more.
    package var next: UsageCursor?
    /// Whether all that the search is about was looked at, up to what was found; false when it ended for having looked
    /// at as many lines as it may.
    package var isWhole = true

    package init() {}
}

/// A request with all lines of its attempts.
package struct RequestEntry: Hashable, Sendable {
    /// The line of the attempt that counts.
    package var record: UsageRecord
    /// All of its lines by attempt, corrections included.
    package var lines: [UsageRecord]

    package init(_ record: UsageRecord, lines: [UsageRecord]) {
        self.record = record
        self.lines = lines
    }
}

/// How many requests of each kind there are.
package struct RequestCounts: Hashable, Sendable {
    package var all = 0
    /// Did not end well.
    package var errors = 0
    package var slow = 0
    /// That ended well, and whose prompts were read from a cache, in part or whole.
    package var cached = 0
    package var blocked = 0

    package init() {}
}

/// Requests of some time, counted one by one.
package struct RequestTally: Hashable, Sendable {
    /// How many ended well, and how many did not.
    package struct Slice: Hashable, Sendable {
        package var ok = 0
        package var bad = 0

        package init() {}
    }

    package var counts = RequestCounts()
    /// By the start of the slice: those that ended well, and the others.
    package var slices: [Timestamp: Slice] = [:]
    /// Whether all were looked at; false when it ended for having looked at as many lines as it may.
    package var isWhole = true
    /// When the oldest arrived that was looked at, where not all were.
    package var since: Timestamp?

    package init() {}
}

/// Routed requests whose answers somebody thought something of.
package struct RequestJudgements: Hashable, Sendable {
    /// The newest of them at most: so many say it well enough, however many more there are.
    package static let most: Int64 = 10_000
    /// They are looked for among so many of the newest scores that anybody gave.
    package static let lookedAt: Int64 = 100_000
    /// From this mean score on the choice was right.
    package static let rightFrom = 0.5

    package var judged: Int64 = 0
    /// Of these, those for which the model that answered was good enough.
    package var right: Int64 = 0

    package init() {}
}

/// Where requests are looked for.
package protocol RequestStore: Sendable {
    /// The requests that a search is about, at most `filter.limit` of them.
    ///
    /// Looks at no more lines of the ledger than the search's budget: a page may be short, or even empty, and go on.
    func requests(_ search: RequestSearch) async throws -> RequestPage

    /// Counts the requests that a search is about, the newest first and as many as its budget allows.
    ///
    /// - Parameter step: how long slices are, in microseconds.
    func tally(_ search: RequestSearch, step: Int64) async throws -> RequestTally

    /// Requests by their ids, in the order of these; those that are not there are left out.
    func entries(of ids: [RequestID]) async throws -> [RequestEntry]

    /// What requests have in common, for at most `search.budget` lines of the ledger.
    func samples(_ search: RequestSearch) async throws -> (samples: [RequestSample], isWhole: Bool)

    /// What feedback says of the choices that a search is about: of requests for which a model was chosen, not those that
    /// named one.
    func judgements(_ search: RequestSearch) async throws -> RequestJudgements
}

/// What is compared between requests.
package struct RequestSample: Hashable, Sendable {
    /// Values by dimension, such as `provider`.
    package var values: [String: String]
    /// Whether it did not end well, or was slow.
    package var isBad: Bool
    /// Whether it did not end well.
    package var isError: Bool
    /// In microseconds.
    package var duration: Int64
    /// Of the attempt that counts; nil where it is not known.
    package var cost: NanoUSD?

    package init(values: [String: String], isBad: Bool, isError: Bool, duration: Int64, cost: NanoUSD?) {
        self.values = values
        self.isBad = isBad
        self.isError = isError
        self.duration = duration
        self.cost = cost
    }
}
