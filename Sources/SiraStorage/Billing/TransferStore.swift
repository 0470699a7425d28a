package import SiraCore

/// Where the books are kept: transfers, to which others are only ever added.
///
/// Several processes may use the same store at the same time.
package protocol TransferStore: Sendable {
    /// Adds a transfer behind the last one and changes the balances by it: all of it or nothing, durably once it
    /// returns, and nothing else comes in between.
    ///
    /// Where there is a transfer of the same key, that one is given and nothing is changed, whatever the floors.
    ///
    /// - Parameters:
    ///   - floors: below which a posting of this transfer may not take an account; a posting that adds to an account
    ///     may leave it below.
    ///   - link: ties the transfer to the books' end.
    /// - Throws: ``TransferStoreError``.
    func append(
        _ transfer: Transfer,
        keeping floors: [BalanceFloor],
        link: @escaping @Sendable (Transfer, ChainHead) -> ChainedTransfer
    ) async throws -> AppendedTransfer

    /// The sum of all postings to the account; zero when there are none.
    func balance(of account: String) async throws -> NanoUSD

    /// The balances of all accounts whose name begins so, by name; an empty prefix is all of them.
    func balances(startingWith prefix: String) async throws -> [String: NanoUSD]

    /// What the accounts whose name begins so gained, above zero, or lost by each kind of transfer, by name.
    ///
    /// The sum of an account's turnovers is its balance.
    func turnovers(startingWith prefix: String) async throws -> [String: [Transfer.Kind: NanoUSD]]

    /// The transfers that pass the filter, in its order.
    func transfers(_ filter: TransferFilter) async throws -> [ChainedTransfer]

    /// Where the books end.
    func head() async throws -> ChainHead
}

/// What became of adding a transfer.
package struct AppendedTransfer: Hashable, Sendable {
    /// What is in the books under the key.
    package var chained: ChainedTransfer
    /// False when it was there before.
    package var isNew: Bool

    package init(chained: ChainedTransfer, isNew: Bool) {
        self.chained = chained
        self.isNew = isNew
    }
}

/// The least that an account may hold after a transfer has taken from it.
package struct BalanceFloor: Hashable, Sendable {
    package var account: String
    package var minimum: NanoUSD

    package init(account: String, minimum: NanoUSD) {
        self.account = account
        self.minimum = minimum
    }
}

/// Why the books do not take a transfer.
package enum TransferStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is a transfer of this key that says something else.
    case keyTaken(String)
    /// The account would hold less than it must.
    case belowFloor(account: String, balance: NanoUSD, minimum: NanoUSD)
    /// The account's balance would leave the range of ±9.2 billion dollars.
    case outOfRange(account: String)

    package var description: String {
        switch self {
        case .keyTaken(let key): "the books hold another transfer under the key '\(key)'"
        case .belowFloor(let account, let balance, let minimum):
            "'\(account)' holds \(balance) USD and may not fall below \(minimum)"
        case .outOfRange(let account): "the balance of '\(account)' would leave the range"
        }
    }
}

/// Which transfers are asked for.
///
/// What is nil is not looked at.
package struct TransferFilter: Hashable, Sendable {
    package var key: String?
    /// Those that have a posting to this account.
    package var account: String?
    package var kind: Transfer.Kind?
    package var reference: String?
    /// Made at this time or later.
    package var since: Timestamp?
    /// Made before this time.
    package var until: Timestamp?
    /// Whether the answer begins with the youngest rather than with the first.
    package var isNewestFirst = false
    /// Only what comes after the transfer of this sequence, in the order of the answer.
    package var after: Int64?
    /// At most so many.
    package var limit = 100

    package init() {}

    /// Whether the transfer is one of those asked for, the limit left aside.
    package func matches(_ chained: ChainedTransfer) -> Bool {
        let transfer = chained.transfer
        if let key, transfer.key != key { return false }
        if let account, !transfer.postings.contains(where: { $0.account == account }) { return false }
        if let kind, transfer.kind != kind { return false }
        if let reference, transfer.reference != reference { return false }
        if let since, transfer.at < since { return false }
        if let until, transfer.at >= until { return false }
        if let after, isNewestFirst ? chained.sequence >= after : chained.sequence <= after { return false }
        return true
    }
}
