import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@testable import SiraLedger

@Suite struct RetentionTests {
    /// A clock that sleeping moves, and that ends the task after so many rounds.
    final class Night: Sendable {
        struct State {
            var now: Timestamp
            var sleeps: [Duration] = []
            var rounds: Int
        }

        let state: Mutex<State>

        init(now: Timestamp, rounds: Int) {
            state = Mutex(State(now: now, rounds: rounds))
        }

        var clock: GatewayClock {
            GatewayClock(now: { [self] in state.withLock { $0.now } }, uptime: { 0 })
        }

        @Sendable func sleep(_ duration: Duration) async throws {
            try state.withLock { state in
                state.sleeps.append(duration)
                state.now = state.now.advanced(by: duration)
                guard duration != Retention.breath else { return }
                guard state.rounds > 0 else { throw CancellationError() }
                state.rounds -= 1
            }
        }
    }

    private static let day = Duration.seconds(86_400)
    private static let start = Timestamp(microseconds: 1_763_700_000_000_000)

    private func sweep(
        _ periods: RetentionPeriods,
        _ store: any RetentionStore,
        expiring: [any ExpiringStore] = [],
        rounds: Int = 1
    ) async throws -> Night {
        let night = Night(now: Self.start.advanced(by: Self.day * 2), rounds: rounds)
        let retention = Retention(
            store: store,
            expiring: expiring,
            periods: periods,
            clock: night.clock,
            logger: try Bench().logger,
            sleep: night.sleep
        )
        await retention.run()
        return night
    }

    @Test func `each kind is kept for its own time, and for good where none is set`() async throws {
        let store = MemoryUsageStore()
        let records = Bench.records(200)
        _ = try await store.insert(records)
        let periods = RetentionPeriods(requests: Self.day, minutes: Self.day / 2, hours: nil, days: nil)
        _ = try await sweep(periods, store)
        let now = Self.start.advanced(by: Self.day * 2 + Retention.delay)
        var filter = UsageFilter()
        filter.limit = .max
        let left = try await store.records(filter)
        #expect(Set(left) == Set(records.filter { $0.startedAt >= now.advanced(by: .zero - Self.day) }))
        #expect(!left.isEmpty && left.count < 200)
        let minutes = try await store.totals(RollupQuery(.minute, by: [.time]))
        let oldest = try #require(minutes.first?.start)
        #expect(oldest >= now.advanced(by: .zero - Self.day / 2))
        for period in [RollupPeriod.hour, .day] {
            let sum = try await store.totals(RollupQuery(period)).first?.totals.attempts
            #expect(sum == 200)
        }
    }

    @Test func `much is deleted in batches, with a breath after each full one, and again an hour later`() async throws {
        let store = MemoryUsageStore()
        _ = try await store.insert(Bench.records(2_500))
        let periods = RetentionPeriods(requests: .seconds(1), minutes: nil, hours: nil, days: nil)
        let night = try await sweep(periods, store, rounds: 2)
        let expected = [Retention.delay, Retention.breath, Retention.breath, Retention.interval, Retention.interval]
        #expect(night.state.withLock { $0.sleeps } == expected)
        #expect(try await store.records(UsageFilter()).isEmpty)
    }

    @Test func `a store that fails is asked again an hour later`() async throws {
        struct Failing: RetentionStore {
            struct Fault: Error {}
            func deleteRecords(before time: Timestamp, limit: Int) async throws -> Int { throw Fault() }
            func deleteRollups(_ period: RollupPeriod, before time: Timestamp, limit: Int) async throws -> Int { 0 }
        }
        let periods = RetentionPeriods(requests: Self.day, minutes: nil, hours: nil, days: nil)
        let night = try await sweep(periods, Failing(), rounds: 3)
        #expect(
            night.state.withLock { $0.sleeps } == [Retention.delay] + [
                .seconds(3_600), .seconds(3_600), .seconds(3_600),
            ]
        )
    }

    @Test func `what has expired by itself goes in the same round`() async throws {
        let objects = MemoryObjectStore()
        let dawn = Self.start.advanced(by: Self.day * 2 + Retention.delay)
        for (id, expiry) in [("gone", dawn), ("kept", dawn.advanced(by: .seconds(1)))] {
            let object = OwnedObject(
                id: id,
                kind: .file,
                access: "here",
                key: "key_a",
                createdAt: Self.start,
                expiresAt: expiry
            )
            try await objects.put(object)
        }
        let periods = RetentionPeriods(requests: nil, minutes: nil, hours: nil, days: nil)
        _ = try await sweep(periods, MemoryUsageStore(), expiring: [objects])
        #expect(try await objects.objects(ObjectFilter(key: "key_a", kind: .file)).map(\.id) == ["kept"])
    }
}
