import SiraCore
import SiraTesting

/// A provider's limit of requests for each key: a bucket that fills evenly.
final class RequestLimit {
    private struct Level {
        var tokens: Double
        var at: Duration
    }

    /// What comes back in a second.
    let rate: Double
    /// What there is at most.
    let most: Double
    private var levels: [String: Level] = [:]

    init(perSecond rate: Double, most: Double) {
        (self.rate, self.most) = (rate, most)
    }

    /// Answers as long as there is something left for the key; else 429 with the time until there is.
    func behave(_ time: Duration, _ key: String, _ random: inout SeededRandom) -> Behaviour {
        let left = left(time, key)
        guard left >= 1 else {
            let wait = Int(((1 - left) / rate).rounded(.up))
            return .status(429, after: .milliseconds(50), retryAfter: max(1, wait))
        }
        levels[key] = Level(tokens: left - 1, at: time)
        return .usual(.milliseconds(300), &random)
    }

    /// What is left for a key, in the words of OpenAI.
    func fields(_ time: Duration, _ key: String) -> [(String, String)] {
        let left = left(time, key)
        let milliseconds = Int(((most - left) / rate * 1_000).rounded(.up))
        return [
            ("x-ratelimit-limit-requests", "\(Int(most))"),
            ("x-ratelimit-remaining-requests", "\(Int(left))"),
            ("x-ratelimit-reset-requests", "\(milliseconds)ms"),
        ]
    }

    private func left(_ time: Duration, _ key: String) -> Double {
        guard let level = levels[key] else { return most }
        return min(most, level.tokens + (time - level.at) / .seconds(1) * rate)
    }
}
