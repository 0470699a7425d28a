import Logging
import SiraCore
import SiraExperiments
import SiraStorage

/// Keeps the results of experiments from one process to the next, and tells the log how canaries get on.
struct ExperimentKeeping: Sendable {
    let board: ExperimentBoard
    let store: any ExperimentStore
    let clock: GatewayClock
    let logger: Logger
    /// Waits; throws when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// How often results are kept: so much is lost in a crash.
    static let interval = Duration.seconds(10)

    /// Gives the board what an earlier process kept; before it is told of the experiments.
    func load() async throws {
        board.restore(try await store.results())
    }

    /// Keeps what has changed until the task is cancelled, and then once more.
    @concurrent func run() async {
        var told = states()
        while (try? await sleep(Self.interval)) != nil {
            await save()
            let states = states()
            for (name, state) in states.sorted(by: { $0.key < $1.key }) where told[name] != state { tell(name, state) }
            told = states
        }
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.save() }.value
    }

    private func states() -> [String: Canary.State] {
        let canaries = board.report(at: clock.now()).compactMap { report in
            report.canary.map { (report.spec.name, $0.state) }
        }
        return Dictionary(canaries) { _, later in later }
    }

    private func tell(_ name: String, _ state: Canary.State) {
        switch state {
        case .running(let step):
            logger.notice("a canary runs", metadata: ["experiment": "\(name)", "step": "\(step + 1)"])
        case .rolledBack(let reason, _):
            logger.warning("a canary was taken back", metadata: ["experiment": "\(name)", "reason": "\(reason)"])
        case .completed:
            logger.notice("a canary has passed every step", metadata: ["experiment": "\(name)"])
        }
    }

    private func save() async {
        let unsaved = board.unsaved()
        guard !unsaved.isEmpty else { return }
        do {
            try await store.put(Dictionary(unsaved.map { ($0.name, $0.json) }) { _, later in later })
            board.markSaved(unsaved)
        } catch {
            logger.warning(
                "results of experiments could not be kept; it is tried again",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
