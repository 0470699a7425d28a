import SiraBilling
import SiraCore
import SiraStorage
import Testing

/// A month's invoice with everything that one can have.
enum InvoiceSample {
    static let month = BillingMonth(Sample.day).previous
    static let number = InvoiceNumber(year: 2026, sequence: 7)

    static func draft() throws -> InvoiceDraft {
        var draft = InvoiceDraft(
            organization: "org_a",
            month: month,
            issuedAt: Sample.now,
            seller: InvoiceDraft.Party(name: "Gateway <Ltd>", lines: ["1 Main St", "VAT \"X\" & Co"]),
            customer: InvoiceDraft.Party(name: "客户有限公司", lines: ["<script>alert(1)</script>"]),
            usage: [
                UsageCharge(
                    project: "=HYPERLINK(\"http://x\")",
                    model: "openai/gpt-5",
                    requests: 3,
                    inputTokens: 1_000,
                    outputTokens: 20,
                    charge: usd("1.234567891")
                ),
                UsageCharge(project: "b, \"c\"", model: "anthropic/claude", requests: 1, charge: usd("0.000000001")),
            ],
            fees: [
                InvoiceDraft.Fee(description: "Plan Pro", amount: usd("199")),
                InvoiceDraft.Fee(description: "-2 days", amount: usd("-0.5")),
            ]
        )
        draft.savings = try SavingsShare(
            past: [SavingsShare.Volume(model: "gpt-5", requests: 9, tokens: 300, cost: usd("30"))],
            present: [SavingsShare.Volume(model: "gpt-5", requests: 4, tokens: 100, cost: usd("4"))]
        )
        draft.creditApplied = usd("1")
        draft.tax = InvoiceDraft.Tax(name: "MwSt", basisPoints: 1_950)
        draft.dueOn = CalendarDay("2026-12-05")
        draft.note = "Thanks & bye"
        let euro = try #require(Currency("EUR"))
        draft.exchange = try ExchangeRate(currency: euro, nanosPerDollar: 920_000_000, day: Sample.day, source: "ECB")
        return draft
    }

    static func invoice() throws -> Invoice { try Invoice(draft(), number: number) }
}
