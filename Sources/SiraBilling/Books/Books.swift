package import SiraCore
package import SiraStorage

/// The books: double entry, append-only, tied together by hashes, and idempotent by key.
package struct Books: Sendable {
    package let store: any TransferStore

    package init(_ store: any TransferStore) {
        self.store = store
    }

    /// Books a transfer.
    ///
    /// The same key with the same content is passed over: the transfer booked first is given.
    ///
    /// - Throws: ``BillingError`` when it is no proper transfer, ``TransferStoreError`` when the books do not take it.
    @discardableResult
    package func post(_ transfer: Transfer, keeping floors: [BalanceFloor] = []) async throws -> AppendedTransfer {
        try transfer.check()
        return try await store.append(transfer, keeping: floors, link: TransferChain.link)
    }

    /// The balance as the books have it: credited above zero.
    package func balance(of account: Account) async throws -> NanoUSD {
        try await store.balance(of: account.description)
    }

    /// What an organization has left to use: what its plan includes, and what it paid in advance.
    package func credit(of organization: String) async throws -> NanoUSD {
        try Money.sum([
            try await balance(of: .included(organization)), try await balance(of: .credit(organization)),
        ])
    }

    /// Every transfer under this reference, oldest first.
    func transfers(under reference: String, kind: Transfer.Kind) async throws -> [ChainedTransfer] {
        var filter = TransferFilter()
        filter.reference = reference
        filter.kind = kind
        return try await all(filter)
    }

    private func all(_ filter: TransferFilter) async throws -> [ChainedTransfer] {
        var (filter, found): (TransferFilter, [ChainedTransfer]) = (filter, [])
        while true {
            let page = try await store.transfers(filter)
            found += page
            guard page.count == filter.limit, let last = page.last else { return found }
            filter.after = last.sequence
        }
    }

    /// Looks at every transfer and every balance.
    ///
    /// Transfers that are added meanwhile are looked at, too; their balances are those at the end.
    ///
    /// - Parameter page: how many transfers are held in memory at a time.
    /// - Returns: where the books end. Kept elsewhere, it proves later that they go on from there.
    /// - Throws: ``TransferChain/Fault`` for the first thing that is wrong.
    package func verify(page: Int = 1_000) async throws -> ChainHead {
        let told = try await store.head()
        var head = ChainHead.start
        var sums: [String: Int128] = [:]
        var filter = TransferFilter()
        filter.limit = page
        while head.sequence < told.sequence {
            filter.after = head.sequence
            filter.limit = Int(min(Int64(page), told.sequence - head.sequence))
            let transfers = try await store.transfers(filter)
            guard !transfers.isEmpty else {
                throw TransferChain.Fault.cut(last: head.sequence, head: told.sequence)
            }
            head = try TransferChain.verify(transfers, behind: head)
            for posting in transfers.flatMap(\.transfer.postings) {
                sums[posting.account, default: 0] += Int128(posting.amount.nanos)
            }
        }
        guard head == told else { throw TransferChain.Fault.altered(sequence: told.sequence) }
        // Balances can only be held against the sums while nothing is added.
        let balances = try await store.balances(startingWith: "")
        guard try await store.head() == told else { return head }
        for account in Set(balances.keys).union(sums.keys).sorted() {
            let (balance, sum) = (balances[account] ?? .zero, sums[account] ?? 0)
            guard Int128(balance.nanos) == sum else {
                let summed = NanoUSD(nanos: Int64(clamping: sum))
                throw TransferChain.Fault.balance(account: account, told: balance, summed: summed)
            }
        }
        return head
    }
}
