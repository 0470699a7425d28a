package import SiraCore
import SiraJSON
import SiraStorage

/// A payment that was begun for an organization, and that Stripe's events are held against.
package struct PendingCheckout: Hashable, Sendable {
    package enum Purpose: Hashable, Sendable {
        /// So much is to stand to the organization's credit.
        case topUp(NanoUSD)
        /// The plan of this id.
        case subscription(plan: String)
    }

    /// The id at Stripe: of a checkout, or of a payment with a saved card.
    package let id: String
    package let organization: String
    package let purpose: Purpose
    /// What Stripe has to have charged, in the currency's smallest coin; nil for subscriptions, whose price is Stripe's.
    package let coins: Int64?
    package let currency: Currency
    package let createdAt: Timestamp
    package var isCompleted = false

    package init(
        id: String,
        organization: String,
        purpose: Purpose,
        coins: Int64?,
        currency: Currency,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.purpose = purpose
        self.coins = coins
        self.currency = currency
        self.createdAt = createdAt
    }

    /// Whether both are about the same; when it was begun and whether it is completed are left aside.
    func isTheSame(as other: PendingCheckout) -> Bool {
        id == other.id && organization == other.organization && purpose == other.purpose && coins == other.coins
            && currency == other.currency
    }

    var json: [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.member("id", id)
            $0.member("organization", organization)
            switch purpose {
            case .topUp(let amount): $0.member("credit_usd", amount.description)
            case .subscription(let plan): $0.member("plan", plan)
            }
            $0.member("coins", orNull: coins)
            $0.member("currency", currency.code)
            $0.member("created_at", createdAt.microseconds)
            $0.member("completed", isCompleted)
        }
        return json.bytes
    }

    /// Reads what ``json`` writes.
    init(json text: [UInt8]) throws {
        self = try JSONIndexer().read(text, limits: .answer) { root in
            let purpose =
                root.amount("credit_usd").map { Purpose.topUp($0) }
                ?? root["plan"]?.string.map { .subscription(plan: $0) }
            guard let id = root["id"]?.string, let organization = root["organization"]?.string, let purpose,
                let currency = root["currency"]?.string.flatMap({ Currency($0) }),
                let createdAt = root["created_at"]?.integer
            else { throw StoreError.unreadable("a checkout") }
            var checkout = PendingCheckout(
                id: id,
                organization: organization,
                purpose: purpose,
                coins: root["coins"]?.integer,
                currency: currency,
                createdAt: Timestamp(microseconds: createdAt)
            )
            checkout.isCompleted = root["completed"]?.bool ?? false
            return checkout
        }
    }
}
