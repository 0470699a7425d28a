#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Student's t distribution ("Student", "The Probable Error of a Mean", Biometrika 6, 1908).
enum StudentT {
    /// The value below which the part `probability` of the distribution lies, for parts above a half.
    ///
    /// - Parameters:
    ///   - degrees: degrees of freedom, at least 1; need not be whole.
    ///   - normal: the normal distribution's quantile of the same part, which is always smaller.
    static func quantile(_ probability: Double, degrees: Double, normal: Double) -> Double {
        let degrees = max(1, degrees)
        guard degrees < 100_000 else {
            // Abramowitz and Stegun, 26.7.5, first term: exact to more digits than anything else here.
            return normal + (normal * normal * normal + normal) / (4 * degrees)
        }
        let half = degrees / 2
        let logConstant = -IncompleteBeta.logBeta(half, 0.5) - log(degrees) / 2
        // Newton's method. The distribution is concave above 0, so it comes ever nearer from below.
        var t = normal
        for _ in 0..<200 {
            let below = 1 - IncompleteBeta.regularized(degrees / (degrees + t * t), half, 0.5) / 2
            let density = exp(logConstant - (half + 0.5) * log1p(t * t / degrees))
            guard density > 0 else { break }
            let step = (probability - below) / density
            t += step
            if abs(step) <= 1e-12 * t { break }
        }
        return t
    }
}
