import Logging
import SiraCore
import SiraExperiments
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@testable import SiraApp

@Suite struct ExperimentKeepingTests {
    private let now = VirtualClock().now
    private let store = MemoryExperimentStore()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let spec = ExperimentSpec(name: "try", models: ["m"], kind: .split, arms: [.init(model: "a")])

    private func board() -> ExperimentBoard {
        let board = ExperimentBoard()
        board.adopt([spec], at: now)
        return board
    }

    /// Waits no time, and ends the task after so many waits.
    private func rounds(_ count: Int) -> @Sendable (Duration) async throws -> Void {
        let left = RoundCount(count)
        return { _ in try left.take() }
    }

    private final class RoundCount: Sendable {
        private let left: Mutex<Int>

        init(_ count: Int) { left = Mutex(count) }

        func take() throws {
            try left.withLock { left in
                guard left > 0 else { throw CancellationError() }
                left -= 1
            }
        }
    }

    @Test func `results are there again in the next process`() async throws {
        let first = board()
        let keeping = ExperimentKeeping(board: first, store: store, logger: logger, sleep: rounds(1))
        first.record(Sample(isError: false), experiment: "try", arm: 0, at: now)
        await keeping.run()
        let second = ExperimentBoard()
        try await ExperimentKeeping(board: second, store: store, logger: logger).load()
        second.adopt([spec], at: now.advanced(by: .seconds(60)))
        #expect(second.report(at: now) == first.report(at: now))
    }

    @Test func `what happens before the end is kept at the end`() async throws {
        let board = board()
        board.record(Sample(isError: true), experiment: "try", arm: 0, at: now)
        await ExperimentKeeping(board: board, store: store, logger: logger, sleep: rounds(0)).run()
        let kept = try await store.results()["try"]
        #expect(kept.map { String(decoding: $0, as: UTF8.self).contains(#""errors":1"#) } == true)
    }

    @Test func `a store that fails is tried again`() async throws {
        final class Failing: ExperimentStore {
            struct Fault: Error {}
            let attempts = Mutex(0)
            func put(_ results: [String: [UInt8]]) async throws {
                attempts.withLock { $0 += 1 }
                throw Fault()
            }
            func results() async throws -> [String: [UInt8]] { [:] }
        }
        let (failing, board) = (Failing(), board())
        await ExperimentKeeping(board: board, store: failing, logger: logger, sleep: rounds(2)).run()
        #expect(failing.attempts.withLock { $0 } == 3 && board.unsaved().count == 1)
    }
}
