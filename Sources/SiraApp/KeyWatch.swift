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
    /// The last look that was asked for; looks follow one another, so that an older state never replaces a newer one.
    private var last: Task<Void, Never>?
    /// The look that has been asked for and has not begun.
    private var next: Task<Void, Never>?
    private var lastBegan: UInt64 = 0
    /// Looks that have failed since the last one that did not.
    private var failures = 0

    /// Strangers with made-up keys may not keep the database busy: one look in so many nanoseconds is enough.
    private static let shortestPause: UInt64 = 20_000_000
    /// Time between two looks that nobody asked for: so soon a revoked key stops working.
    private static let usualPause: Duration = .milliseconds(100)
    /// The same, at most, while the database cannot be read.
    private static let longestPause: Duration = .seconds(5)

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

    /// The ring as it is now, from a look that began after this was called.
    ///
    /// Callers that come together share one look. While the store cannot be read, the ring that is known.
    func refreshed() async -> KeyRing {
        guard failures == 0 else { return ring }
        await look().value
        return ring
    }

    /// Looks again and again until the task is cancelled.
    func run() async {
        while (try? await Task.sleep(for: pause)) != nil {
            await look().value
        }
    }

    /// How long to wait before the next look: longer with each failure.
    var pause: Duration {
        min(Self.longestPause, Self.usualPause * (1 << min(failures, 6)))
    }

    /// The next look that begins: one for all who ask before that, a while after the one before.
    private func look() -> Task<Void, Never> {
        if let next { return next }
        let previous = last
        let task = Task {
            await previous?.value
            let passed = clock.uptime() &- lastBegan
            if passed < Self.shortestPause {
                try? await Task.sleep(for: .nanoseconds(Int64(Self.shortestPause - passed)))
            }
            // Whoever asks from here on may know of a key that this look does not find.
            next = nil
            lastBegan = clock.uptime()
            await read()
        }
        (last, next) = (task, task)
        return task
    }

    private func read() async {
        do {
            let current = try await store.changeToken()
            if current != token {
                ring = KeyRing(try await store.allKeys())
                token = current
                onChange(ring)
            }
            if failures > 0 { logger.notice("keys can be read again") }
            failures = 0
        } catch {
            // The keys that are known go on working; the journal's alarm tells that the database is away.
            if failures == 0 { logger.warning("keys cannot be read again", metadata: ["error": "\(error)"]) }
            failures += 1
        }
    }
}
