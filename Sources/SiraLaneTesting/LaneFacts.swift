package import SiraTenancy
import Synchronization

/// What the rest of the process would tell a lane.
package final class LaneFacts: Sendable {
    private struct State {
        var keys: KeyRing
        var refreshes = 0
        var acceptsRecords = true
        var unreadiness: String?
    }

    private let state: Mutex<State>

    init(keys: KeyRing) {
        state = Mutex(State(keys: keys))
    }

    /// The keys as the store has them, which the lane sees when it refreshes its ring.
    package var keys: KeyRing {
        get { state.withLock { $0.keys } }
        set { state.withLock { $0.keys = newValue } }
    }

    /// How often the ring was refreshed.
    package var refreshes: Int { state.withLock { $0.refreshes } }

    /// Whether the journal, as a whole, takes records.
    package var acceptsRecords: Bool {
        get { state.withLock { $0.acceptsRecords } }
        set { state.withLock { $0.acceptsRecords = newValue } }
    }

    /// Why the process cannot serve; nil when it can.
    package var unreadiness: String? {
        get { state.withLock { $0.unreadiness } }
        set { state.withLock { $0.unreadiness = newValue } }
    }

    func refreshKeys() -> KeyRing {
        state.withLock { state in
            state.refreshes += 1
            return state.keys
        }
    }
}
