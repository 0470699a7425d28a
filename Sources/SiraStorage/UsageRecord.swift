package import SiraCore

/// One attempt at a provider, or one request that was refused before any: a line of the ledger.
///
/// Written once, when the attempt has ended, and never changed. `request` and `attempt` together name it.
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
    /// The part of `duration` spent waiting for the provider, in microseconds.
    package var upstreamTime: Int64 = 0

    /// The key's id; empty when the request carried none that is known.
    package var key = ""
    /// The key's tags.
    package var tags: [String] = []

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
    /// Decides how the record is rolled up (``RollupKey/other``); stores do not keep it.
    package var isModelListed = true

    package var outcome = Outcome.ok
    /// The HTTP status that the client was given.
    package var status = 200
    /// The ``ErrorCode`` raw value; empty when all went well.
    package var errorCode = ""

    package var usage = Usage()
    package var usageBasis = UsageBasis.none
    /// Nil when the price is not known, or the usage is not.
    package var cost: NanoUSD?

    package init(request: RequestID, startedAt: Timestamp) {
        self.request = request
        self.startedAt = startedAt
    }
}
