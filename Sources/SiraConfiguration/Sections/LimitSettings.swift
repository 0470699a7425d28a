/// What the gateway as a whole takes on.
package struct LimitSettings: Hashable, Sendable {
    /// Requests in flight, all clients and providers together.
    package var concurrentRequests = 10_000

    package init() {}
}
