package import SiraCore
package import SiraStorage

extension Books {
    /// Gives an organization the credit that its plan includes in a month; once, and more where the plan grew, or where
    /// ``reduceIncluded(of:for:to:at:)`` has taken some back before.
    ///
    /// - Returns: the new transfer; nil when it has it already, or nothing is included.
    @discardableResult
    package func grantIncluded(
        _ amount: NanoUSD,
        to organization: String,
        for month: BillingMonth,
        at now: Timestamp
    ) async throws -> ChainedTransfer? {
        guard amount >= .zero else { throw BillingError.invalid("included credit", "is below zero") }
        let granted = try await transfers(under: "grant:\(organization):\(month)", kind: .grant)
        let account = Account.included(organization).description
        let already = try Money.sum(granted.map { $0.transfer.change(of: account) ?? .zero })
        let taken = try await takenBack(of: organization, in: month)
        return try await bring(
            "grant:\(organization):\(month)",
            kind: .grant,
            to: max(try Money.sum([amount, taken]), already),
            memo: "Credit included in \(month)",
            at: now,
            measured: { $0.change(of: account) ?? .zero },
            make: { missing in
                ([(.included(organization), missing), (.promotions, Money.negative(missing))], [])
            }
        )
    }

    /// Takes back what is left of a month's included credit; called once the month's usage is settled and before the
    /// next month's credit is given.
    ///
    /// - Returns: the new transfer; nil when nothing was left, or it was taken back already.
    @discardableResult
    package func expireIncluded(
        of organization: String,
        for month: BillingMonth,
        at now: Timestamp
    ) async throws -> ChainedTransfer? {
        let key = "expiry:\(organization):\(month)"
        return try await takeIncluded(of: organization, key, key, "Included credit not used in \(month)", at: now)
    }

    /// Takes back what is left of a month's included credit beyond what the plans of the month include by now.
    ///
    /// That is all of it where there is no plan any more. What was used stays used.
    ///
    /// - Returns: the new transfer; nil when there was nothing to take.
    @discardableResult
    package func reduceIncluded(
        of organization: String,
        for month: BillingMonth,
        to amount: NanoUSD,
        at now: Timestamp
    ) async throws -> ChainedTransfer? {
        let account = Account.included(organization).description
        let granted = try await transfers(under: "grant:\(organization):\(month)", kind: .grant)
        let given = try Money.sum(granted.map { $0.transfer.change(of: account) ?? .zero })
        let kept = try Money.difference(given, try await takenBack(of: organization, in: month))
        let surplus = try Money.difference(kept, amount)
        guard surplus > .zero else { return nil }
        let reference = Self.reduction(of: organization, in: month)
        let step = try await transfers(under: reference, kind: .expiry).count + 1
        let memo = "Included credit of a plan that has ended, or become smaller, in \(month)"
        return try await takeIncluded(
            of: organization,
            "\(reference)/\(step)",
            reference,
            memo,
            atMost: surplus,
            at: now
        )
    }

    private static func reduction(of organization: String, in month: BillingMonth) -> String {
        "expiry:\(organization):\(month):plan"
    }

    /// What changes of plans have taken back of a month's included credit.
    private func takenBack(of organization: String, in month: BillingMonth) async throws -> NanoUSD {
        let account = Account.included(organization).description
        let taken = try await transfers(under: Self.reduction(of: organization, in: month), kind: .expiry)
        return try Money.sum(taken.map { Money.negative($0.transfer.change(of: account) ?? .zero) })
    }

    private func takeIncluded(
        of organization: String,
        _ key: String,
        _ reference: String,
        _ memo: String,
        atMost most: NanoUSD? = nil,
        at now: Timestamp
    ) async throws -> ChainedTransfer? {
        let account = Account.included(organization)
        for _ in 0..<20 {
            var filter = TransferFilter()
            filter.key = key
            guard try await store.transfers(filter).isEmpty else { return nil }
            let balance = try await balance(of: account)
            let left = most.map { min($0, balance) } ?? balance
            guard left > .zero else { return nil }
            let transfer = Transfer(
                key: key,
                at: now,
                kind: .expiry,
                memo: memo,
                reference: reference,
                postings: [
                    Posting(account: account.description, amount: Money.negative(left)),
                    Posting(account: Account.promotions.description, amount: left),
                ]
            )
            do {
                let floor = BalanceFloor(account: account.description, minimum: .zero)
                let appended = try await post(transfer, keeping: [floor])
                return appended.isNew ? appended.chained : nil
            } catch TransferStoreError.keyTaken, TransferStoreError.belowFloor {
                continue
            }
        }
        throw BillingError.contended(key)
    }

    /// Corrects an organization's credit by hand.
    ///
    /// - Parameters:
    ///   - amount: what is added, or taken when it is below zero; it never takes more than there is.
    ///   - key: chosen by who asks, and the same when the same is asked for again.
    ///   - reason: kept as the transfer's memo; not empty.
    @discardableResult
    package func adjustCredit(
        of organization: String,
        by amount: NanoUSD,
        key: String,
        reason: String,
        at now: Timestamp
    ) async throws -> AppendedTransfer {
        guard !reason.isEmpty else { throw BillingError.invalid("reason", "is empty") }
        let account = Account.credit(organization).description
        let transfer = Transfer(
            key: "adjustment:\(key)",
            at: now,
            kind: .adjustment,
            memo: reason,
            reference: "adjustment:\(key)",
            postings: [
                Posting(account: account, amount: amount),
                Posting(account: Account(.adjustments, "credit").description, amount: Money.negative(amount)),
            ]
        )
        return try await post(transfer, keeping: [BalanceFloor(account: account, minimum: .zero)])
    }

    /// Books that money came in for what an organization owes, such as by bank transfer.
    ///
    /// - Parameters:
    ///   - amount: above zero; what goes beyond the debt stands to the organization's credit on the same account.
    ///   - holder: which cash account holds it: `bank`, `stripe`.
    ///   - payment: names the payment; the same when the same is handed in again.
    @discardableResult
    package func receivePayment(
        of organization: String,
        amount: NanoUSD,
        holder: String,
        payment: String,
        memo: String,
        at now: Timestamp
    ) async throws -> AppendedTransfer {
        guard amount > .zero else { throw BillingError.invalid("amount", "is not above zero") }
        return try await post(
            Transfer(
                key: "payment:\(payment)",
                at: now,
                kind: .payment,
                memo: memo,
                reference: payment,
                postings: [
                    Posting(account: Account.receivable(organization).description, amount: amount),
                    Posting(account: Account(.cash, holder).description, amount: Money.negative(amount)),
                ]
            )
        )
    }
}
