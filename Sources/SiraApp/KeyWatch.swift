import Logging
import SiraCore
import SiraStorage
import SiraTenancy

/// Keeps the lanes' key ring up to date with the store, which other processes change too.
actor KeyWatch {
    private let store: any KeyStore
    private let clock: GatewayClock
    private let logger: Logger
    private let onChange: @Sendable (KeyRing) -> Void
    private var token: ChangeToken?
    private var ring: KeyRing
    private var lastLook: UInt64 = 0

    /// Strangers with made-up keys may not keep the database busy: one look in so many nanoseconds is enough.
    private static let shortestPause: UInt64 = 20_000_000

    /// Reads the keys for the first time.
    init(
        _ store: any KeyStore,
        clock: GatewayClock,
        logger: Logger,
        onChange: @escaping @Sendable (KeyRing) -> Void
    ) async throws {
        self.store = store
        self.clock = clock
        self.logger = logger
        self.onChange = onChange
        token = try await store.changeToken()
        ring = KeyRing(try await store.allKeys())
    }

    var keys: KeyRing { ring }

    /// The ring as it is now, looked up again if that was not done a moment ago.
    func refreshed() async -> KeyRing {
        let now = clock.uptime()
        if now &- lastLook >= Self.shortestPause {
            lastLook = now
            await look()
        }
        return ring
    }

    /// Looks ten times a second until the task is cancelled: so soon a revoked key stops working.
    func run() async {
        while (try? await Task.sleep(for: .milliseconds(100))) != nil {
            await look()
        }
    }

    private func look() async {
        do {
            let current = try await store.changeToken()
            guard current != token else { return }
            ring = KeyRing(try await store.allKeys())
            token = current
            onChange(ring)
        } catch {
            // The keys that are known go on working; the journal's alarm tells that the database is away.
            logger.warning("keys cannot be read again", metadata: ["error": "\(error)"])
        }
    }
}
