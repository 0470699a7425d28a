import SiraCore

/// What arms are compared by.
package enum Measure: String, Sendable, CaseIterable {
    case errorRate = "error_rate"
    case timeToFirstToken = "time_to_first_token"
    case duration
    case cost
    case feedback

    /// As it stands in a sentence.
    var words: String {
        switch self {
        case .errorRate: "errors"
        case .timeToFirstToken: "time to the first token"
        case .duration: "duration"
        case .cost: "cost"
        case .feedback: "feedback"
        }
    }

    /// Whether more of it is better.
    package var isBetterHigher: Bool { self == .feedback }

    /// The numbers of an arm; nil for the share of errors, which is a count.
    package func moments(of arm: ArmStatistics) -> Moments? {
        switch self {
        case .errorRate: nil
        case .timeToFirstToken: arm.timeToFirstToken
        case .duration: arm.duration
        case .cost: arm.cost
        case .feedback: arm.feedback
        }
    }

    /// How many requests of an arm say something about it.
    package func count(of arm: ArmStatistics) -> Int { moments(of: arm)?.count ?? arm.requests }

    /// The arm's value: a share, seconds, nano-dollars or a score; nil where nothing is known.
    package func value(of arm: ArmStatistics) -> Double? {
        guard count(of: arm) > 0 else { return nil }
        return moments(of: arm)?.mean ?? Double(arm.errors) / Double(arm.requests)
    }
}
