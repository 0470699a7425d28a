package import SiraCore

/// What is counted when a request ends.
///
/// Plain values only; times are microseconds.
package struct FinishedRequest: Sendable {
    package var operation: OperationSlot
    /// The provider that gave the answer, or the last one that was asked.
    package var provider = ProviderSlot.none
    package var outcome = Outcome.ok
    /// Why it failed; nil when it did not.
    package var code: ErrorCode?
    package var isStream = false
    /// From the request's arrival to the end of its answer.
    package var duration: Int64 = 0
    /// The part of ``duration`` that was not spent waiting for providers: what the gateway itself cost.
    package var addedLatency: Int64 = 0
    /// From the request's arrival to the first content of the answer, when there was any.
    package var timeToFirstToken: Int64?
    /// All attempts together.
    package var usage = Usage()
    /// All attempts together; nil when a part of it is not known.
    package var cost: NanoUSD?

    package init(operation: OperationSlot) {
        self.operation = operation
    }
}
