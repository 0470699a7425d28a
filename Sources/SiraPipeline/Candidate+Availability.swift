import SiraHealth
import SiraRouting

extension Candidate {
    /// Whether its deployment may be asked at a moment, as far as is known.
    func isAvailable(for tokens: Int, at now: UInt64) -> Bool {
        deployment.health.standing(tokens: tokens, at: now).availability.isAvailable
    }
}
