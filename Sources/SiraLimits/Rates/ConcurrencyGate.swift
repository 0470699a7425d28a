import Synchronization

/// How many requests may run at the same time, shared by all lanes.
package final class ConcurrencyGate: Sendable {
    private struct State: Sendable {
        var limit: Int64
        var running: Int64 = 0
    }

    private let state: Mutex<State>

    /// - Parameter limit: requests at once; 0 for none.
    package init(limit: Int64) {
        state = Mutex(State(limit: max(0, limit)))
    }

    /// Lets one request in if there is room; else gives the limit that keeps it out.
    func enter() -> Int64? {
        state.withLock {
            guard $0.running < $0.limit else { return $0.limit }
            $0.running += 1
            return nil
        }
    }

    /// One that was let in has ended.
    func leave() {
        state.withLock { $0.running = max(0, $0.running - 1) }
    }

    /// Lets in so many from now on; those that run go on.
    func adopt(limit: Int64) {
        state.withLock { $0.limit = max(0, limit) }
    }

    /// How many run, and how many may.
    package var counts: (running: Int64, limit: Int64) {
        state.withLock { ($0.running, $0.limit) }
    }
}
