import Logging
import SiraCore
import SiraStorage

/// Keeps what lanes decide by up to date with a store, which other processes change too.
actor StoreWatch<Value: Sendable> {
    private let what: String
    private let changeToken: @Sendable () async throws -> ChangeToken
    private let read: @Sendable () async throws -> Value
    private let clock: GatewayClock
    private let logger: Logger
    private let onChange: @Sendable (Value) async -> Void
    private var token: ChangeToken?
    private(set) var value: Value
    /// The last look that was asked for; looks follow one another, so that an older state never replaces a newer one.
    private var last: Task<Void, Never>?
    /// The look that has been asked for and has not begun.
    private var next: Task<Void, Never>?
    private var lastBegan: UInt64 = 0
    /// Looks that have failed since the last one that did not.
    private var failures = 0

    /// Strangers with made-up keys may not keep the database busy: one look in so many nanoseconds is enough.
    private let shortestPause: UInt64 = 20_000_000
    /// Time between two looks that nobody asked for: so soon a revoked key stops working.
    private let usualPause: Duration = .milliseconds(100)
    /// The same, at most, while the database cannot be read.
    private let longestPause: Duration = .seconds(5)

    /// Reads the value for the first time.
    ///
    /// - Parameters:
    ///   - what: the word in the log, in the plural.
    ///   - changeToken: differs from the one before when the value may be another.
    ///   - onChange: told of each value but the first.
    init(
        of what: String,
        changeToken: @escaping @Sendable () async throws -> ChangeToken,
        read: @escaping @Sendable () async throws -> Value,
        clock: GatewayClock,
        logger: Logger,
        onChange: @escaping @Sendable (Value) async -> Void
    ) async throws {
        self.what = what
        self.changeToken = changeToken
        self.read = read
        self.clock = clock
        self.logger = logger
        self.onChange = onChange
        token = try await changeToken()
        value = try await read()
    }

    /// The value as it is now, from a look that began after this was called.
    ///
    /// Callers that come together share one look. While the store cannot be read, the value that is known.
    func refreshed() async -> Value {
        guard failures == 0 else { return value }
        await look().value
        return value
    }

    /// Looks again and again until the task is cancelled.
    func run() async {
        while (try? await Task.sleep(for: pause)) != nil {
            await look().value
        }
    }

    /// How long to wait before the next look: longer with each failure.
    var pause: Duration {
        min(longestPause, usualPause * (1 << min(failures, 6)))
    }

    /// The next look that begins: one for all who ask before that, a while after the one before.
    private func look() -> Task<Void, Never> {
        if let next { return next }
        let previous = last
        let task = Task {
            await previous?.value
            let passed = clock.uptime() &- lastBegan
            if passed < shortestPause {
                try? await Task.sleep(for: .nanoseconds(Int64(shortestPause - passed)))
            }
            // Whoever asks from here on may know of something that this look does not find.
            next = nil
            lastBegan = clock.uptime()
            await readAgain()
        }
        (last, next) = (task, task)
        return task
    }

    private func readAgain() async {
        do {
            let current = try await changeToken()
            if current != token {
                value = try await read()
                token = current
                await onChange(value)
            }
            if failures > 0 { logger.notice("\(what) can be read again") }
            failures = 0
        } catch {
            // What is known goes on working; the journal's alarm tells that the database is away.
            if failures == 0 { logger.warning("\(what) cannot be read again", metadata: ["error": "\(error)"]) }
            failures += 1
        }
    }
}
