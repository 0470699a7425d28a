import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct BooksTests {
    @Test func `a transfer that does not come to zero is refused`() async {
        let books = Sample.books()
        await #expect(throws: BillingError.unbalanced(NanoUSD(nanos: 1))) {
            try await books.post(Sample.transfer("k", [(.credit("a"), 5), (.stripeCash, -4)]))
        }
    }

    @Test func `a transfer needs two sides, known accounts, amounts and a key`() async {
        let books = Sample.books()
        var strange = Sample.transfer("k", [(.credit("a"), 5), (.stripeCash, -5)])
        strange.postings[0].account = "purse:a"
        var nameless = strange
        nameless.postings[0].account = "credit:"
        for transfer in [
            Sample.transfer("k", []), Sample.transfer("k", [(.credit("a"), 0)]),
            Sample.transfer("k", [(.credit("a"), 0), (.stripeCash, 0)]),
            Sample.transfer("", [(.credit("a"), 5), (.stripeCash, -5)]), strange, nameless,
            Sample.transfer(String(repeating: "k", count: 301), [(.credit("a"), 5), (.stripeCash, -5)]),
        ] {
            await #expect(throws: BillingError.self, "\(transfer)") { try await books.post(transfer) }
        }
    }

    @Test func `sides that leave the range are refused, even where they come to zero`() async {
        let sides: [(Account, Int64)] = [
            (.credit("a"), .max), (.credit("b"), .max), (.stripeCash, -.max), (.promotions, -.max),
        ]
        await #expect(throws: BillingError.self) { try await Sample.books().post(Sample.transfer("k", sides)) }
    }

    @Test func `the same key with the same content is passed over, with other content refused`() async throws {
        let books = Sample.books()
        let first = try await books.post(Sample.transfer("k", [(.credit("a"), 5), (.stripeCash, -5)]))
        let again = try await books.post(Sample.transfer("k", [(.credit("a"), 5), (.stripeCash, -5)]))
        #expect(first.isNew && !again.isNew && again.chained == first.chained)
        await #expect(throws: TransferStoreError.keyTaken("k")) {
            try await books.post(Sample.transfer("k", [(.credit("a"), 6), (.stripeCash, -6)]))
        }
        #expect(try await books.balance(of: .credit("a")).nanos == 5)
    }

    @Test func `an account reads as it writes, and shows debits above zero where they are usual`() {
        for kind in Account.Kind.allCases {
            let account = Account(kind, "org:x")
            #expect(Account(account.description) == account)
        }
        #expect(Account("credit") == nil && Account("cash:") == nil && Account("x:y") == nil)
        #expect(Account.stripeCash.shown(usd("-5")) == usd("5"))
        #expect(Account.credit("a").shown(usd("5")) == usd("5"))
    }

    @Test func `payments, gifts and corrections are booked once each`() async throws {
        let books = Sample.books()
        for _ in 0..<2 {
            try await books.receivePayment(
                of: "a",
                amount: usd("7"),
                holder: "bank",
                payment: "p1",
                memo: "",
                at: Sample.now
            )
            try await books.adjustCredit(of: "a", by: usd("3"), key: "k", reason: "goodwill", at: Sample.now)
        }
        #expect(try await books.balance(of: .receivable("a")) == usd("7"))
        #expect(try await books.balance(of: Account(.cash, "bank")) == usd("-7"))
        #expect(try await books.credit(of: "a") == usd("3"))
        await #expect(throws: TransferStoreError.self, "more than there is") {
            try await books.adjustCredit(of: "a", by: usd("-4"), key: "l", reason: "mistake", at: Sample.now)
        }
        await #expect(throws: BillingError.self, "without a reason") {
            try await books.adjustCredit(of: "a", by: usd("1"), key: "m", reason: "", at: Sample.now)
        }
    }

    @Test func `included credit is granted once, grows with the plan and goes with the month`() async throws {
        let books = Sample.books()
        let month = BillingMonth(Sample.day)
        for amount in ["10", "10", "25", "10"] {
            try await books.grantIncluded(usd(amount), to: "a", for: month, at: Sample.now)
        }
        #expect(try await books.balance(of: .included("a")) == usd("25"))
        try await books.settleUsage(of: "a", on: Sample.day, charged: usd("4"), at: Sample.now)
        #expect(try await books.expireIncluded(of: "a", for: month, at: Sample.now) != nil)
        #expect(try await books.balance(of: .included("a")) == .zero)
        #expect(try await books.balance(of: .promotions) == usd("-4"), "only what was used was given away")
        try await books.grantIncluded(usd("25"), to: "a", for: month.next, at: Sample.now)
        #expect(try await books.expireIncluded(of: "a", for: month, at: Sample.now) == nil, "once")
        #expect(try await books.balance(of: .included("a")) == usd("25"))
    }
}
