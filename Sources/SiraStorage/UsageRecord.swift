package import SiraCore
import SiraTenancy

/// One attempt at a provider, or one request that was refused before any: a line of the ledger.
///
/// Written once, when the attempt has ended, and never changed: what turns out to be wrong is put right by a further
/// line (``isCorrection``). `request` and `attempt` together name it.
package struct UsageRecord: Hashable, Sendable {
    package var request: RequestID
    /// 1 for the first attempt; 0 when the request ended before any attempt was made.
    package var attempt = 1
    /// Whether this attempt's result is what the client was given.
    package var isFinal = true

    /// When the request arrived.
    package var startedAt: Timestamp
    /// From the request's arrival to the end of the answer, in microseconds.
    package var duration: Int64 = 0
    /// From the request's arrival to the first content of the answer, in microseconds, when there was any.
    package var timeToFirstToken: Int64?
    /// From the request's arrival to the beginning of this attempt, in microseconds; nil where none was made, and in
    /// lines from before it was kept.
    package var attemptStart: Int64?
    /// The part of `duration` spent waiting for the provider, in microseconds.
    package var upstreamTime: Int64 = 0
    /// The part of `duration` spent waiting for its turn, in microseconds.
    package var queueTime: Int64 = 0

    /// The ids of the tenants that the key belongs to; empty where it belongs to none.
    package var organization = ""
    package var team = ""
    package var project = ""

    /// The key's id; empty when the request carried none that is known.
    package var key = ""
    /// The key's tags.
    package var tags: [String] = []
    /// The end user as the client named it, in at most ``userLimit`` bytes; empty when it named none.
    package var user = ""
    /// Whether the record is rolled up under its ``user``'s own name, rather than as one of ``RollupKey/other``.
    ///
    /// The store decides that when it books the record, so that clients cannot make lines without bound.
    package var isUserListed = true
    /// The raw value of the ``RequestPriority`` that the request was served with.
    package var priority: UInt8 = RequestPriority.interactive.rawValue

    /// The ``Operation`` label, such as `chat`.
    package var operation = ""
    package var isStream = false
    /// The model's name as the client wrote it.
    package var requestedModel = ""
    /// Provider and model the attempt went to; empty when none was made.
    package var provider = ""
    package var model = ""

    /// Whether the catalogue or the configuration lists the model by this name, rather than that a client wrote one
    /// that nobody here has heard of.
    ///
    /// Decides how the record is rolled up (``RollupKey/other``).
    package var isModelListed = true

    /// The same for requests that are the same word for word, as far as one process serves them; 0 where that is not
    /// known.
    package var promptDigest: UInt64 = 0

    package var outcome = Outcome.ok
    /// The HTTP status that the client was given.
    package var status = 200
    /// The ``ErrorCode`` raw value; empty when all went well.
    package var errorCode = ""

    package var usage = Usage()
    package var usageBasis = UsageBasis.none
    /// What the provider asks; nil when the price is not known, or the usage is not.
    package var cost: NanoUSD?
    /// What the tenant is asked: the cost with its mark-ups and discounts; nil when that is not known.
    package var charge: NanoUSD?
    /// What cached prompt tokens saved against the full price of input; less than nothing where writing them to the
    /// cache cost more than was saved.
    package var cacheSavings = NanoUSD.zero
    /// What the cost is below that of the model to compare with.
    package var routingSavings = NanoUSD.zero

    /// Whether the line puts an earlier one of its request right rather than telling of an attempt.
    ///
    /// It has an attempt number of its own, and the arrival, tenants, names and tags of the line that it corrects. Its
    /// usage and amounts are differences, which may be negative; it counts as no request and no attempt.
    package var isCorrection = false

    /// The ``status`` of sessions and of each of their answers (101 Switching Protocols).
    package static let sessionStatus = 101

    /// The bytes of ``user`` that are kept.
    package static let userLimit = 256

    package init(request: RequestID, startedAt: Timestamp) {
        self.request = request
        self.startedAt = startedAt
    }
}
