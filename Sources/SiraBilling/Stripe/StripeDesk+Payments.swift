import SiraCore
import SiraStorage

extension StripeDesk {
    /// A payment or subscription on Stripe's page is through.
    func complete(_ told: StripeCheckout, _ event: StripeEvent, at now: Timestamp) async throws -> StripeOutcome {
        guard let kept = try await documents.document(.checkout, told.id) else {
            return .refused(.unknown(what: "checkout", id: told.id))
        }
        let checkout = try PendingCheckout(json: kept)
        guard told.currency.flatMap({ Currency($0) }) == checkout.currency else {
            let currency = checkout.currency.code
            return .refused(.currencyDiffers(id: told.id, expected: currency, told: told.currency))
        }
        if let coins = checkout.coins, told.total != coins {
            return .refused(.amountDiffers(id: told.id, expected: coins, told: told.total))
        }
        switch (checkout.purpose, told.mode) {
        case (.topUp(let amount), "payment"):
            // Payments that take days complete first, and are paid later, of which there is another event.
            guard told.paymentStatus == "paid" else { return .ignored("\(event.type): not paid yet") }
            if let payment = told.payment {
                _ = try await documents.update(.payment, payment) { $0 ?? Self.link("checkout", checkout.id) }
            }
            return try await bookTopUp(checkout, amount, event, at: now)
        case (.subscription(let plan), "subscription"):
            guard let subscription = told.subscription else { return .refused(.purposeDiffers(id: told.id)) }
            // What is neither paid nor on trial gives no plan yet: there is another event once it is.
            let isPaid = ["paid", "no_payment_required"].contains(told.paymentStatus)
            return try await begin(plan, subscription, told.customer, checkout, isPaid: isPaid, event)
        default: return .refused(.purposeDiffers(id: told.id))
        }
    }

    /// A payment with a saved card is through.
    func complete(_ told: StripePayment, _ event: StripeEvent, at now: Timestamp) async throws -> StripeOutcome {
        guard let kept = try await documents.document(.checkout, told.id) else {
            guard !told.isPartOfAnother else { return .ignored("\(event.type): a part of another") }
            return .refused(.unknown(what: "payment", id: told.id))
        }
        let checkout = try PendingCheckout(json: kept)
        guard case .topUp(let amount) = checkout.purpose, let coins = checkout.coins else {
            return .refused(.purposeDiffers(id: told.id))
        }
        guard Currency(told.currency) == checkout.currency else {
            let currency = checkout.currency.code
            return .refused(.currencyDiffers(id: told.id, expected: currency, told: told.currency))
        }
        guard told.received ?? told.amount == coins, told.amount == coins else {
            return .refused(.amountDiffers(id: told.id, expected: coins, told: told.received ?? told.amount))
        }
        return try await bookTopUp(checkout, amount, event, at: now)
    }

    private func bookTopUp(
        _ checkout: PendingCheckout,
        _ amount: NanoUSD,
        _ event: StripeEvent,
        at now: Timestamp
    ) async throws -> StripeOutcome {
        let outcome = try await bookOnce(
            Transfer(
                key: "stripe:topup:\(checkout.id)",
                at: now,
                kind: .topUp,
                memo: "Paid in advance: \(checkout.coins.map(checkout.currency.text) ?? "")",
                reference: checkout.id,
                postings: [
                    Posting(account: Account.credit(checkout.organization).description, amount: amount),
                    Posting(account: Account.stripeCash.description, amount: Money.negative(amount)),
                ]
            )
        )
        try await markCompleted(checkout.id)
        return outcome
    }

    func markCompleted(_ id: String) async throws {
        _ = try await documents.update(.checkout, id) { before in
            guard let before else { return nil }
            var checkout = try PendingCheckout(json: before)
            checkout.isCompleted = true
            return checkout.json
        }
    }

    /// What was begun under the id of a payment or of a page to pay on, and the payment's id as far as it is known.
    func payment(_ id: String) async throws -> (checkout: PendingCheckout, payment: String?)? {
        let link = try await documents.document(.payment, id).flatMap { try Self.linked("checkout", $0) }
        guard let kept = try await documents.document(.checkout, link ?? id) else { return nil }
        // A payment with a saved card is kept under its own id, a page under one of Stripe's that begins with cs_.
        let payment = link != nil || !id.hasPrefix("cs_") ? id : nil
        return (try PendingCheckout(json: kept), payment)
    }

    /// Of a payment in advance something was given back: it goes off the credit, and what of it is spent already is put
    /// on the organization's account.
    func refund(_ charge: StripeCharge, _ event: StripeEvent, at now: Timestamp) async throws -> StripeOutcome {
        guard let payment = charge.payment else { return .refused(.unknown(what: "payment of charge", id: charge.id)) }
        // A payment with a saved card is kept under its own id.
        let link = try await documents.document(.payment, payment)
        let id = try link.flatMap { try Self.linked("checkout", $0) } ?? payment
        guard let kept = try await documents.document(.checkout, id) else {
            return .refused(.unknown(what: "payment", id: payment))
        }
        let checkout = try PendingCheckout(json: kept)
        guard case .topUp(let amount) = checkout.purpose, let coins = checkout.coins, coins > 0 else {
            return .refused(.purposeDiffers(id: id))
        }
        guard checkout.isCompleted else { return .refused(.unknown(what: "payment", id: payment)) }
        guard Currency(charge.currency) == checkout.currency else {
            let currency = checkout.currency.code
            return .refused(.currencyDiffers(id: charge.id, expected: currency, told: charge.currency))
        }
        guard (0...coins).contains(charge.refunded) else {
            return .refused(.amountDiffers(id: charge.id, expected: coins, told: charge.refunded))
        }
        // All that was given back so far, as a share of what was paid: the whole gives the whole.
        let total = try Money.scaled(amount, by: charge.refunded, over: coins)
        let organization = checkout.organization
        do {
            let transfer = try await books.bring(
                "stripe:refund:\(id)",
                kind: .refund,
                to: total,
                memo: "Given back: \(checkout.currency.text(charge.refunded)) in all",
                at: now,
                measured: { $0.change(of: Account.stripeCash.description) ?? .zero },
                make: { missing in
                    let credit = min(missing, max(.zero, try await books.balance(of: .credit(organization))))
                    return (
                        [
                            (.stripeCash, missing),
                            (.credit(organization), Money.negative(credit)),
                            (.receivable(organization), Money.negative(try Money.difference(missing, credit))),
                        ],
                        [BalanceFloor(account: Account.credit(organization).description, minimum: .zero)]
                    )
                }
            )
            return transfer.map { .booked($0) } ?? .repeated
        } catch BillingError.settledMore {
            // A later event overtook this one, and told of more.
            return .repeated
        }
    }
}
