import SiraStorage
import Synchronization

/// Results of experiments in memory.
package final class MemoryExperimentStore: ExperimentStore {
    private let state = Mutex<[String: [UInt8]]>([:])

    package init() {}

    package func put(_ results: [String: [UInt8]]) async throws {
        state.withLock { $0.merge(results) { _, later in later } }
    }

    package func results() async throws -> [String: [UInt8]] { state.withLock { $0 } }
}
