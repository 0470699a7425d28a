import Synchronization

/// Whose turn it is in each route.
///
/// Outlives the configuration, so that a reload does not send the next requests of all routes to the first target.
package final class RouteTurns: Sendable {
    private let counters = Mutex<[String: TurnCounter]>([:])

    package init() {}

    /// The counter of the route of this name; routes that are gone keep theirs, of which there are as many as an
    /// operator has thought of names.
    func counter(of route: String) -> TurnCounter {
        counters.withLock { counters in
            if let counter = counters[route] { return counter }
            let counter = TurnCounter()
            counters[route] = counter
            return counter
        }
    }
}

/// Counts a route's requests.
final class TurnCounter: Sendable {
    private let count = Atomic<UInt64>(0)

    /// How many came before.
    func next() -> UInt64 { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
