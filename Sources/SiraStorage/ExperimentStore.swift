/// Where results of experiments are kept between one process and the next.
package protocol ExperimentStore: Sendable {
    /// Keeps results, all or none and durably once it returns, in place of earlier ones of the same experiments.
    ///
    /// - Parameter results: JSON by the experiment's name.
    func put(_ results: [String: [UInt8]]) async throws

    /// All results by the experiment's name.
    func results() async throws -> [String: [UInt8]]
}
