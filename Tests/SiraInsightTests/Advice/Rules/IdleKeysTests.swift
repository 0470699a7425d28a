import SiraCore
import SiraInsight
import Testing

struct IdleKeysTests {
    @Test
    func `a key that was not used for thirty days is to end in a week`() throws {
        var facts = try AdviceExample.facts()
        facts.keys = [
            KeyRow(key: "idle", madeAt: AdviceExample.daysAgo(200), lastUsedAt: AdviceExample.daysAgo(31)),
            KeyRow(key: "used", madeAt: AdviceExample.daysAgo(200), lastUsedAt: AdviceExample.daysAgo(29)),
            KeyRow(key: "new", madeAt: AdviceExample.daysAgo(3)),
        ]
        facts.keys[0].budgetLeft = NanoUSD(decimal: "12.5")
        let advice = AdviceRules.advice(facts)
        #expect(advice.map(\.change) == [.setKeyExpiry(key: "idle", at: AdviceExample.daysAgo(-7))])
        #expect(advice.first?.evidence.contains { $0.name == "budget_left_usd" && $0.value == 12.5 } == true)
        #expect(advice.first?.evidence.contains { $0.name == "idle_days" && $0.value == 31 } == true)
    }

    @Test
    func `a key that has ended, ends soon or was revoked is left alone`() throws {
        var facts = try AdviceExample.facts()
        var revoked = KeyRow(key: "revoked", madeAt: AdviceExample.daysAgo(90))
        revoked.isRevoked = true
        facts.keys = [
            revoked,
            KeyRow(key: "ended", madeAt: AdviceExample.daysAgo(90), expiresAt: AdviceExample.daysAgo(1)),
            KeyRow(key: "soon", madeAt: AdviceExample.daysAgo(90), expiresAt: AdviceExample.daysAgo(-5)),
        ]
        #expect(AdviceRules.advice(facts).isEmpty)
        facts.keys = [KeyRow(key: "later", madeAt: AdviceExample.daysAgo(90), expiresAt: AdviceExample.daysAgo(-60))]
        #expect(AdviceRules.advice(facts).count == 1)
    }
}
