import Crypto
package import SiraCore
package import SiraTenancy

/// What is remembered of one rule and one subject.
package struct AlertCondition: Hashable, Sendable {
    /// Where the condition is on its way.
    package enum Phase: String, Hashable, Sendable, CaseIterable {
        /// Bad, but not yet for long enough.
        case pending
        /// Bad, and somebody was told.
        case firing
        /// Over; remembered for a while to know it again when it comes back.
        case resting
    }

    package var rule: String
    package var subject: String
    package var scope: Scope?
    package var phase: Phase
    /// When the phase's incident began: the first bad observation.
    package var since: Timestamp
    /// When it was last observed.
    package var seen: Timestamp
    /// Since when the figure is good; nil when it is not.
    package var goodSince: Timestamp?
    /// When somebody was last told; of no meaning while it is pending.
    package var told: Timestamp
    /// How many times somebody was told of this incident.
    package var tellings = 0
    /// When it began to fire of late, oldest first.
    package var firings: [Timestamp] = []
    package var figure: Double
    package var basis: String
    package var facts: [AlertFact]

    init(rule: String, _ observation: AlertObservation, at time: Timestamp) {
        self.rule = rule
        subject = observation.subject
        scope = observation.scope
        phase = .pending
        (since, seen, told) = (time, time, time)
        (figure, basis, facts) = (observation.figure, observation.basis, observation.facts)
    }

    /// A name for the incident that is the same after a restart.
    var incident: String {
        let text = "\(rule)\u{0}\(subject)\u{0}\(since.microseconds)"
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: Array(text.utf8)).prefix(10)
        return "inc_" + String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Takes over what an observation shows.
    mutating func note(_ observation: AlertObservation, at time: Timestamp) {
        seen = time
        scope = observation.scope
        (figure, basis, facts) = (observation.figure, observation.basis, observation.facts)
    }

    /// Puts times that lie ahead of the clock, which was then set back, to now.
    mutating func settle(at time: Timestamp) {
        since = min(since, time)
        seen = min(seen, time)
        told = min(told, time)
        goodSince = goodSince.map { min($0, time) }
        firings.removeAll { $0 > time }
    }
}
