import Logging
import SiraExperiments
import SiraStorage

/// Keeps the results of experiments from one process to the next.
struct ExperimentKeeping: Sendable {
    let board: ExperimentBoard
    let store: any ExperimentStore
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
        while (try? await sleep(Self.interval)) != nil { await save() }
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.save() }.value
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
