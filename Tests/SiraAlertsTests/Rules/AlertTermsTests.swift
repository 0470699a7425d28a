import SiraAlerts
import SiraCore
import SiraJSON
import SiraTenancy
import Testing

@Suite struct AlertTermsTests {
    private func rule(_ json: String) throws -> AlertRule {
        try JSONIndexer().read(Array(json.utf8)) { try AlertRuleTerms.read($0) }.rule(id: "rule_1")
    }

    private func channel(_ json: String) throws -> AlertChannelTerms {
        try JSONIndexer().read(Array(json.utf8)) { try AlertChannelTerms.read($0) }
    }

    @Test func `a rule that says nothing but its kind is the usual one`() throws {
        #expect(try rule(#"{"kind": "error_rate"}"#) == AlertRule(id: "rule_1", kind: .errorRate))
    }

    @Test func `a rule's figures are taken as they are written`() throws {
        let rule = try rule(
            #"{"kind": "credit_low", "threshold": "2.5", "for_seconds": 60, "repeat_seconds": 0, "scope": "team:*"}"#
        )
        #expect(rule.threshold == 2.5)
        #expect(rule.duration == .seconds(60))
        #expect(rule.recovery == .seconds(60))
        #expect(rule.repeatInterval == nil)
        #expect(rule.scope == Scope(.team, "*"))
    }

    @Test func `there is a usual rule of each kind that no rule about everything is made for`() throws {
        let made = [
            try rule(#"{"kind": "error_rate", "enabled": false}"#),
            try rule(#"{"kind": "credit_low", "scope": "team:*"}"#),
        ]
        let usual = AlertRule.usual(beside: made, channels: ["chan_1"])
        #expect(Set(usual.map(\.kind)) == Set(AlertKind.allCases).subtracting([.errorRate]))
        #expect(usual.allSatisfy { $0.channels == ["chan_1"] })
    }

    @Test func `a channel shows neither its URL nor its secret`() throws {
        let terms = try channel(
            #"{"name": "ops", "kind": "webhook", "url": "https://a.example/x", "signing_secret": "hush"}"#
        )
        var json = JSONWriter()
        json.object { terms.write(to: &$0, showingSecrets: false) }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(!text.contains("a.example") && !text.contains("hush"))
        let channel = try #require(terms.channel(id: "chan_1", sender: nil))
        #expect(channel.destination == .webhook(url: Secret("https://a.example/x"), signing: Secret("hush")))
    }

    @Test(arguments: [
        #"{"name": "a", "kind": "slack"}"#,
        #"{"name": "a", "kind": "mail"}"#,
        #"{"name": "a", "kind": "slack", "url": "https://a.example", "signing_secret": "x"}"#,
    ])
    func `a channel that lacks what it needs, or has what it cannot use, is refused`(json: String) {
        #expect(throws: FieldProblems.self) { try channel(json) }
    }
}
