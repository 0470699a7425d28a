import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct InvoiceTests {
    @Test func `an invoice comes to what it says, step by step`() throws {
        let invoice = try InvoiceSample.invoice()
        #expect(invoice.usage == usd("1.234567892"))
        #expect(invoice.fees == usd("198.5"))
        // (30 × 100 ÷ 300 − 4) × 20 %
        #expect(invoice.savings == usd("1.2"))
        #expect(invoice.subtotal == usd("200.934567892"))
        #expect(invoice.taxable == usd("199.934567892"))
        // × 19.5 % is 38.98724073894.
        #expect(invoice.tax == usd("38.987240739"))
        #expect(invoice.total == usd("238.92"))
        #expect(invoice.rounding == usd("-0.001808631"))
        #expect(invoice.converted == 21_981, "238.92 × 0.92 is 219.8064")
    }

    @Test func `tax is rounded half to even, once for the invoice`() throws {
        for (amount, tax) in [("0.000000005", "0"), ("0.000000015", "0.000000002"), ("0.000000025", "0.000000002")] {
            var draft = try InvoiceSample.draft()
            (draft.usage, draft.savings, draft.creditApplied) = ([], nil, .zero)
            draft.fees = [InvoiceDraft.Fee(description: "", amount: usd(amount))]
            draft.tax?.basisPoints = 1_000
            #expect(try Invoice(draft, number: InvoiceSample.number).tax == usd(tax), "\(amount)")
        }
    }

    @Test func `an invoice reads as it writes`() throws {
        let invoice = try InvoiceSample.invoice()
        #expect(try Invoice(json: invoice.json) == invoice)
        var plain = try InvoiceSample.draft()
        (plain.savings, plain.tax, plain.exchange, plain.dueOn) = (nil, nil, nil, nil)
        let other = try Invoice(plain, number: InvoiceSample.number)
        #expect(try Invoice(json: other.json) == other)
    }

    @Test func `a kept invoice whose total was changed is not read`() throws {
        let text = String(decoding: try InvoiceSample.invoice().json, as: UTF8.self)
        let forged = text.replacing("\"total_usd\":\"238.920000000\"", with: "\"total_usd\":\"1.000000000\"")
        #expect(forged != text)
        #expect(throws: StoreError.self) { try Invoice(json: Array(forged.utf8)) }
        #expect(throws: (any Error).self) { try Invoice(json: Array("{}".utf8)) }
    }

    @Test func `what the books get is balanced and is what is owed besides usage`() throws {
        let invoice = try InvoiceSample.invoice()
        let transfer = try #require(invoice.transfer)
        try transfer.check()
        // All but the usage that no credit paid, which is owed since it was settled.
        let owed = try Money.difference(invoice.total, try Money.difference(invoice.usage, usd("1")))
        #expect(transfer.change(of: "receivable:org_a") == Money.negative(owed))
        #expect(transfer.change(of: "tax:sales") == invoice.tax)
        var draft = try InvoiceSample.draft()
        (draft.fees, draft.savings, draft.tax) = ([], nil, nil)
        draft.usage = [UsageCharge(project: "", model: "m", charge: usd("1"))]
        #expect(try Invoice(draft, number: InvoiceSample.number).transfer == nil, "nothing besides")
    }

    @Test func `drafts that make no sense are refused`() throws {
        let changes: [(inout InvoiceDraft) -> Void] = [
            { $0.organization = "" }, { $0.tax?.basisPoints = -1 }, { $0.tax?.basisPoints = 10_001 },
            { $0.fees[0].amount = NanoUSD(nanos: .max) },
        ]
        for change in changes {
            var draft = try InvoiceSample.draft()
            change(&draft)
            #expect(throws: BillingError.self) { try Invoice(draft, number: InvoiceSample.number) }
        }
    }

    @Test func `roll-ups become lines by project and model, and what reached nobody is left out`() throws {
        func line(_ key: String, _ provider: String, _ model: String, _ cost: String) -> RollupLine {
            var totals = UsageTotals()
            (totals.requests, totals.input, totals.output, totals.charge) = (2, 30, 4, usd(cost))
            var line = RollupLine(totals: totals)
            (line.key, line.provider, line.model) = (key, provider, model)
            return line
        }
        let rollups = [
            line("k1", "p", "m", "1"), line("k2", "p", "m", "2"), line("k3", "p", "m", "4"), line("k1", "", "", "0"),
            line("k1", "p", "n", "8"),
        ]
        let lines = try UsageCharge.lines(from: rollups) { $0.key == "k3" ? "b" : "a" }
        #expect(lines.map(\.project) == ["a", "a", "b"] && lines.map(\.model) == ["p/m", "p/n", "p/m"])
        #expect(lines.map(\.charge) == [usd("3"), usd("8"), usd("4")])
        #expect(lines[0].requests == 4 && lines[0].inputTokens == 60 && lines[0].outputTokens == 8)
    }
}
