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
        let keeping = ExperimentKeeping(
            board: first,
            store: store,
            clock: VirtualClock().gateway,
            logger: logger,
            sleep: rounds(1)
        )
        first.record(Sample(isError: false), experiment: "try", arm: 0, at: now)
        await keeping.run()
        let second = ExperimentBoard()
        try await ExperimentKeeping(board: second, store: store, clock: VirtualClock().gateway, logger: logger).load()
        second.adopt([spec], at: now.advanced(by: .seconds(60)))
        #expect(second.report(at: now) == first.report(at: now))
    }

    @Test func `what happens before the end is kept at the end`() async throws {
        let board = board()
        board.record(Sample(isError: true), experiment: "try", arm: 0, at: now)
        await ExperimentKeeping(
            board: board,
            store: store,
            clock: VirtualClock().gateway,
            logger: logger,
            sleep: rounds(0)
        ).run()
        let kept = try await store.results()["try"]
        #expect(kept.map { String(decoding: $0, as: UTF8.self).contains(#""errors":1"#) } == true)
    }

    @Test func `the log is told when a canary is taken back, once`() async throws {
        let recorder = Recorder()
        let logger = Logger(label: "test") { _ in RecordingHandler(recorder: recorder) }
        let board = ExperimentBoard()
        let arms = ["old", "new"].map { ExperimentSpec.Arm(model: $0) }
        let canary = ExperimentSpec(name: "c", models: ["m"], kind: .canary(CanaryPolicy()), arms: arms)
        board.adopt([canary], at: now)
        let (left, now) = (RoundCount(3), now)
        let keeping = ExperimentKeeping(board: board, store: store, clock: VirtualClock().gateway, logger: logger) {
            _ in
            try left.take()
            guard board.report(at: now)[0].arms[1].statistics.requests == 0 else { return }
            for _ in 0..<20 { board.record(Sample(isError: true), experiment: "c", arm: 1, at: now) }
        }
        await keeping.run()
        #expect(recorder.lines.withLock { $0 } == ["warning: a canary was taken back"])
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
        await ExperimentKeeping(
            board: board,
            store: failing,
            clock: VirtualClock().gateway,
            logger: logger,
            sleep: rounds(2)
        ).run()
        #expect(failing.attempts.withLock { $0 } == 3 && board.unsaved().count == 1)
    }
}
