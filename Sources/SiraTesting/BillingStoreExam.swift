import SiraCore
package import SiraStorage

/// What every backend of billing's stores must be able to do; each exam is given fresh stores.
package struct BillingStoreExam: Sendable, CustomStringConvertible {
    /// The stores of a backend.
    package struct Stores: Sendable {
        package var transfers: any TransferStore
        package var documents: any DocumentStore
        package var invoices: any InvoiceStore

        package init(
            transfers: any TransferStore,
            documents: any DocumentStore,
            invoices: any InvoiceStore
        ) {
            self.transfers = transfers
            self.documents = documents
            self.invoices = invoices
        }
    }

    package let description: String
    package let run: @Sendable (Stores) async throws -> Void

    package static let all = transferExams + documentExams + invoiceExams

    static let dawn = Timestamp(microseconds: 1_763_700_000_000_000)

    static func demand(_ condition: Bool, _ sentence: String) throws {
        try StoreExam.demand(condition, sentence)
    }
}

extension BillingStoreExam {
    /// Not a digest, which the stores need not know: each link is told from the others, and depends on the one before.
    @Sendable static func link(_ transfer: Transfer, behind head: ChainHead) -> ChainedTransfer {
        var bytes = head.hash.bytes
        for (index, byte) in transfer.key.utf8.enumerated() {
            bytes[index % 32] = (bytes[index % 32] ^ byte) &* 31 &+ 7
        }
        return ChainedTransfer(
            transfer: transfer,
            sequence: head.sequence + 1,
            previous: head.hash,
            hash: ChainHash(bytes: bytes) ?? .zero
        )
    }

    static func transfer(
        _ key: String,
        _ postings: [(String, Int64)],
        kind: Transfer.Kind = .topUp,
        second: Int64 = 0
    ) -> Transfer {
        Transfer(
            key: key,
            at: dawn.advanced(by: .seconds(second)),
            kind: kind,
            memo: "grün \"gut\"",
            reference: "of \(key.prefix(1))",
            postings: postings.map { Posting(account: $0.0, amount: NanoUSD(nanos: $0.1)) }
        )
    }

    private static func append(
        _ transfer: Transfer,
        _ stores: Stores,
        floors: [BalanceFloor] = []
    ) async throws -> AppendedTransfer {
        try await stores.transfers.append(transfer, keeping: floors, link: link)
    }

    private static func error(of body: () async throws -> Void) async throws -> TransferStoreError? {
        do {
            try await body()
            return nil
        } catch let error as TransferStoreError {
            return error
        }
    }

    static let transferExams = [
        BillingStoreExam(description: "transfers come back as they went in, each tied to the one before") { stores in
            try demand(try await stores.transfers.head() == .start, "empty books end where they start")
            var expected: [ChainedTransfer] = []
            for number in 1...5 as ClosedRange<Int64> {
                let sent = transfer("k\(number)", [("credit:ö", number), ("cash:stripe", -number)], second: number)
                let appended = try await append(sent, stores)
                try demand(appended.isNew && appended.chained.transfer == sent, "as it went in")
                try demand(
                    appended.chained == link(sent, behind: expected.last.map { ChainHead($0) } ?? .start),
                    "tied"
                )
                expected.append(appended.chained)
            }
            try demand(try await stores.transfers.transfers(TransferFilter()) == expected, "in their order")
            try demand(try await stores.transfers.head().sequence == 5, "the head counts them")
            try demand(try await stores.transfers.balance(of: "credit:ö").nanos == 15, "the balance is the sum")
            let all = try await stores.transfers.balances(startingWith: "")
            try demand(all.mapValues(\.nanos) == ["credit:ö": 15, "cash:stripe": -15], "of each account")
            let some = try await stores.transfers.balances(startingWith: "credit:")
            try demand(Array(some.keys) == ["credit:ö"], "of those that begin so")
            try demand(try await stores.transfers.balance(of: "credit:none") == .zero, "zero where nothing is")
            _ = try await append(transfer("u", [("revenue:usage", 4), ("credit:ö", -4)], kind: .usage), stores)
            let turnovers = try await stores.transfers.turnovers(startingWith: "credit:")
            let expectedTurnovers: [String: [Transfer.Kind: Int64]] = ["credit:ö": [.topUp: 15, .usage: -4]]
            try demand(turnovers.mapValues { $0.mapValues(\.nanos) } == expectedTurnovers, "turnovers by kind")
            try demand(try await stores.transfers.balance(of: "credit:ö").nanos == 11, "and their sum")
        },
        BillingStoreExam(description: "a key is taken once: the same again is passed over, something else refused") {
            stores in
            let first = try await append(transfer("k", [("credit:a", 5), ("cash:x", -5)]), stores)
            let again = try await append(
                transfer("k", [("credit:a", 5), ("cash:x", -5)], second: 9),
                stores,
                floors: [BalanceFloor(account: "cash:x", minimum: .zero)]
            )
            try demand(again == AppendedTransfer(chained: first.chained, isNew: false), "the first is given")
            let error = try await error {
                _ = try await append(transfer("k", [("credit:a", 6), ("cash:x", -6)]), stores)
            }
            try demand(error == .keyTaken("k"), "the key is named")
            try demand(try await stores.transfers.balance(of: "credit:a").nanos == 5, "nothing has changed")
            try demand(try await stores.transfers.head().sequence == 1, "and nothing was added")
        },
        BillingStoreExam(description: "what would take an account below its floor is refused whole") { stores in
            _ = try await append(transfer("a", [("credit:a", 5), ("cash:x", -5)]), stores)
            let floor = BalanceFloor(account: "credit:a", minimum: NanoUSD(nanos: 1))
            let spent = transfer("b", [("revenue:usage", 5), ("credit:a", -5)], kind: .usage)
            let error = try await error { _ = try await append(spent, stores, floors: [floor]) }
            let expected = TransferStoreError.belowFloor(
                account: "credit:a",
                balance: NanoUSD(nanos: 5),
                minimum: NanoUSD(nanos: 1)
            )
            try demand(error == expected, "account, balance and floor are named")
            try demand(try await stores.transfers.balance(of: "revenue:usage") == .zero, "no side of it is booked")
            _ = try await append(transfer("c", [("revenue:usage", 4), ("credit:a", -4)]), stores, floors: [floor])
            try demand(try await stores.transfers.balance(of: "credit:a").nanos == 1, "down to the floor is allowed")
            let high = BalanceFloor(account: "credit:a", minimum: NanoUSD(nanos: 100))
            _ = try await append(transfer("d", [("credit:a", 1), ("cash:x", -1)]), stores, floors: [high])
            try demand(try await stores.transfers.balance(of: "credit:a").nanos == 2, "adding is always allowed")
        },
        BillingStoreExam(description: "several postings to one account count together, and no balance leaves the range")
        {
            stores in
            let floor = BalanceFloor(account: "credit:a", minimum: .zero)
            let sides: [(String, Int64)] = [("credit:a", -3), ("credit:a", 4), ("cash:x", -1)]
            _ = try await append(transfer("a", sides), stores, floors: [floor])
            try demand(try await stores.transfers.balance(of: "credit:a").nanos == 1, "1 in all")
            _ = try await append(transfer("b", [("credit:b", .max), ("cash:b", -.max)]), stores)
            let error = try await error {
                _ = try await append(transfer("c", [("credit:b", 1), ("cash:c", -1)]), stores)
            }
            try demand(error == .outOfRange(account: "credit:b"), "the account is named")
            try demand(try await stores.transfers.balance(of: "cash:c") == .zero, "nothing has changed")
        },
        BillingStoreExam(description: "filters find what a look at every transfer finds, page by page") { stores in
            let kinds = Transfer.Kind.allCases
            var all: [ChainedTransfer] = []
            for number in 0..<40 {
                let account = "credit:\(number % 3)"
                let sent = transfer(
                    "\(number % 4)/\(number)",
                    [(account, 1), ("cash:x", -1)],
                    kind: kinds[number % kinds.count],
                    second: Int64(number)
                )
                all.append(try await append(sent, stores).chained)
            }
            for var filter in filters(around: all[17]) {
                let matching = all.filter(filter.matches)
                let expected = filter.isNewestFirst ? matching.reversed() : matching
                var found: [ChainedTransfer] = []
                filter.limit = 3
                while true {
                    let page = try await stores.transfers.transfers(filter)
                    found += page
                    guard page.count == 3, let last = page.last else { break }
                    filter.after = last.sequence
                }
                try demand(found == expected, "\(filter) finds \(expected.count), not \(found.count)")
            }
        },
        BillingStoreExam(description: "of many that take at once none gets what is not there") { stores in
            _ = try await append(transfer("a", [("credit:a", 10), ("cash:x", -10)]), stores)
            let floor = BalanceFloor(account: "credit:a", minimum: .zero)
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<25 {
                    group.addTask {
                        let spent = transfer("s\(number)", [("credit:a", -1), ("revenue:usage", 1)], kind: .usage)
                        return try await error { _ = try await append(spent, stores, floors: [floor]) } == nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try demand(taken == 10, "10 get one each, not \(taken)")
            try demand(try await stores.transfers.balance(of: "credit:a") == .zero, "and nothing is left")
            var last = ChainHead.start
            for chained in try await stores.transfers.transfers(TransferFilter()) {
                try demand(
                    chained == link(chained.transfer, behind: last),
                    "\(chained.sequence) is tied to the one before"
                )
                last = ChainHead(chained)
            }
        },
    ]

    private static func filters(around one: ChainedTransfer) -> [TransferFilter] {
        let changes: [(inout TransferFilter) -> Void] = [
            { _ in },
            { $0.key = one.transfer.key },
            { $0.key = "none" },
            { $0.account = one.transfer.postings.first?.account },
            { $0.kind = one.transfer.kind },
            { $0.reference = one.transfer.reference },
            { $0.since = one.transfer.at },
            { $0.until = one.transfer.at },
            { $0.isNewestFirst = true },
            {
                $0.isNewestFirst = true
                $0.account = one.transfer.postings.first?.account
                $0.since = dawn.advanced(by: .seconds(5))
            },
        ]
        return changes.map { change in
            var filter = TransferFilter()
            change(&filter)
            return filter
        }
    }
}
