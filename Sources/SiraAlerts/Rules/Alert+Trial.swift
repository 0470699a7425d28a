package import SiraCore

extension Alert {
    /// A message that tells of nothing, to try a channel out.
    package static func trial(at time: Timestamp) -> Alert {
        Alert(
            incident: "inc_trial-\(time.microseconds)",
            number: 0,
            occasion: .fired,
            rule: "trial",
            ruleName: "Trial of the channel",
            kind: .providerDown,
            severity: .info,
            subject: "trial",
            scope: nil,
            figure: 0,
            threshold: 1,
            basis: "",
            facts: [],
            since: time,
            at: time,
            isFlapping: false,
            channels: []
        )
    }
}
