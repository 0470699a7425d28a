package import SiraCore
package import SiraStorage

extension Books {
    /// What is booked under a reference so far is brought up to a total: the rest is booked as one more transfer.
    ///
    /// Roll-ups grow while they are charged for, and several processes may do so at once. Each step has the key
    /// `reference/number`, so that of two that book the same step one is told that the key is taken, and looks again.
    ///
    /// - Parameters:
    ///   - measured: by how much a transfer brings the reference forward.
    ///   - make: the postings for what is missing, and the floors to keep; asked again when others were faster.
    ///   - undo: the postings that take back what is too much, by the steps so far; where it is nil, nothing is.
    /// - Returns: the new transfer; nil when nothing was missing.
    /// - Throws: ``BillingError/settledMore(reference:settled:charged:)`` when it came to more before, without `undo`.
    func bring(
        _ reference: String,
        kind: Transfer.Kind,
        to total: NanoUSD,
        memo: String,
        at now: Timestamp,
        measured: (Transfer) -> NanoUSD,
        make: (NanoUSD) async throws -> (postings: [(Account, NanoUSD)], floors: [BalanceFloor]),
        undo: ((NanoUSD, [Transfer]) throws -> [(Account, NanoUSD)])? = nil
    ) async throws -> ChainedTransfer? {
        for _ in 0..<20 {
            let steps = try await transfers(under: reference, kind: kind)
            let settled = try Money.sum(steps.map { measured($0.transfer) })
            let missing = try Money.difference(total, settled)
            guard missing != .zero else { return nil }
            let (postings, floors): ([(Account, NanoUSD)], [BalanceFloor])
            if missing > .zero {
                (postings, floors) = try await make(missing)
            } else if let undo {
                (postings, floors) = (try undo(try Money.difference(settled, total), steps.map(\.transfer)), [])
            } else {
                throw BillingError.settledMore(reference: reference, settled: settled, charged: total)
            }
            let transfer = Transfer(
                key: "\(reference)/\(steps.count + 1)",
                at: now,
                kind: kind,
                memo: memo,
                reference: reference,
                postings: postings.filter { $0.1 != .zero }
                    .map { Posting(account: $0.0.description, amount: $0.1) }
            )
            do {
                let appended = try await post(transfer, keeping: floors)
                // Another process was faster and booked the very same.
                return appended.isNew ? appended.chained : nil
            } catch TransferStoreError.keyTaken, TransferStoreError.belowFloor {
                continue
            }
        }
        throw BillingError.contended(reference)
    }

    /// Charges an organization for what it used on a day, as far as it was not yet.
    ///
    /// Taken from what its plan includes, then from what it paid in advance, and the rest is put on its account to be
    /// invoiced. What it paid in advance may fall below zero by `overdraft` at most, since a request is only charged
    /// for once it is over; without overdraft it never does.
    ///
    /// - Parameters:
    ///   - day: the day in UTC on which the requests arrived.
    ///   - charged: what the day's roll-ups come to by now; may grow, and be handed in again.
    ///   - overdraft: not below zero.
    ///   - givesBack: whether what was charged too much comes back where the day comes to less than it did: off what is
    ///     owed, to what was paid in advance and to what the plan includes, as much as the day took from each. Where a
    ///     day comes to less than nothing, the rest stands to the organization's credit.
    /// - Returns: the new transfer; nil when nothing was missing.
    /// - Throws: ``BillingError/settledMore(reference:settled:charged:)`` when the day came to more before and nothing
    ///   is to be given back.
    @discardableResult
    package func settleUsage(
        of organization: String,
        on day: CalendarDay,
        charged: NanoUSD,
        overdraft: NanoUSD = .zero,
        givesBack: Bool = false,
        at now: Timestamp
    ) async throws -> ChainedTransfer? {
        guard charged >= .zero || givesBack else { throw BillingError.invalid("charged", "is below zero") }
        guard overdraft >= .zero else { throw BillingError.invalid("overdraft", "is below zero") }
        let least = Money.negative(overdraft)
        return try await bring(
            "usage:\(organization):\(day)",
            kind: .usage,
            to: charged,
            memo: "Usage on \(day)",
            at: now,
            measured: { $0.change(of: Account.usageRevenue.description) ?? .zero },
            make: { missing in
                let included = min(missing, max(.zero, try await balance(of: .included(organization))))
                var rest = try Money.difference(missing, included)
                let room = try Money.difference(try await balance(of: .credit(organization)), least)
                let credit = min(rest, max(.zero, room))
                rest = try Money.difference(rest, credit)
                return (
                    [
                        (.usageRevenue, missing),
                        (.included(organization), Money.negative(included)),
                        (.credit(organization), Money.negative(credit)),
                        (.receivable(organization), Money.negative(rest)),
                    ],
                    [
                        BalanceFloor(account: Account.included(organization).description, minimum: .zero),
                        BalanceFloor(account: Account.credit(organization).description, minimum: least),
                    ]
                )
            },
            undo: givesBack ? { try Self.givingBack($0, of: $1, to: organization) } : nil
        )
    }

    /// The postings that give back a part of a day's usage: what was taken last comes back first.
    private static func givingBack(
        _ surplus: NanoUSD,
        of steps: [Transfer],
        to organization: String
    ) throws -> [(Account, NanoUSD)] {
        var (postings, rest) = ([(Account.usageRevenue, Money.negative(surplus))], surplus)
        for account in [Account.receivable(organization), .credit(organization), .included(organization)] {
            let changes = try steps.map { step in
                guard let change = step.change(of: account.description) else {
                    throw BillingError.outOfRange("what '\(account)' paid of a day")
                }
                return change
            }
            let back = min(rest, max(.zero, Money.negative(try Money.sum(changes))))
            postings.append((account, back))
            rest = try Money.difference(rest, back)
        }
        guard rest > .zero else { return postings }
        return try postings.map { account, amount in
            account.kind == .credit ? (account, try Money.sum([amount, rest])) : (account, amount)
        }
    }
}
