package import SiraStorage

/// What became of an event.
package enum StripeOutcome: Hashable, Sendable {
    /// Money was booked.
    case booked(ChainedTransfer)
    /// It was dealt with before.
    case repeated
    /// A plan changed, or how its payment stands.
    case subscription(SubscriptionState)
    /// It does not matter here.
    case ignored(String)
    /// It does not fit what was begun, and nothing was done; to be logged.
    case refused(StripeRefusal)

    /// The status to answer Stripe with: whatever is not 2xx it sends again, for days, and shows as failed.
    package var httpStatus: Int {
        switch self {
        case .booked, .repeated, .subscription, .ignored: 200
        // The event may have overtaken what it is about: Stripe does not keep an order.
        case .refused(.unknown), .refused(.another): 409
        case .refused: 422
        }
    }
}

/// Why an event with a good signature is not believed all the same.
package enum StripeRefusal: Hashable, Sendable, CustomStringConvertible {
    /// Nobody here has begun it.
    case unknown(what: String, id: String)
    case amountDiffers(id: String, expected: Int64, told: Int64?)
    case currencyDiffers(id: String, expected: String, told: String?)
    /// What was begun for one purpose is told to be for another.
    case purposeDiffers(id: String)
    /// The organization has another subscription, which has not ended.
    case another(subscription: String, known: String)

    package var description: String {
        switch self {
        case .unknown(let what, let id): "there is no \(what) '\(id)' that was begun here"
        case .amountDiffers(let id, let expected, let told):
            "'\(id)' was begun for \(expected), and is told to be of \(told.map(String.init) ?? "nothing")"
        case .currencyDiffers(let id, let expected, let told):
            "'\(id)' was begun in \(expected), and is told to be in \(told ?? "none")"
        case .purposeDiffers(let id): "'\(id)' was begun for another purpose"
        case .another(let subscription, let known):
            "'\(subscription)' comes while '\(known)' goes on: end one of them at Stripe"
        }
    }
}
