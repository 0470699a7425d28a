import SiraCore
import Testing

/// A run of the simulation, which is made once however many tests look at it.
typealias Scenario = Task<SimulationResult, any Error>

extension SimulationResult {
    /// Looks at what holds in every simulation: everybody was answered, everything is in the books, nothing is left over.
    func expectSound(_ location: SourceLocation = #_sourceLocation) {
        #expect(isBooked, "a line for each attempt, and one for each request that is final", sourceLocation: location)
        #expect(isClean, "\(leftovers)", sourceLocation: location)
    }
}

extension Range where Bound == Duration {
    /// From so many seconds of the simulation to so many.
    static func seconds(_ from: Double, _ to: Double) -> Range<Duration> { .seconds(from)..<(.seconds(to)) }
}
