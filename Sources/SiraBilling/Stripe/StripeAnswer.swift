import SiraJSON

/// What Stripe says to a request.
package enum StripeAnswer: Hashable, Sendable {
    case customer(id: String)
    case checkout(StripeCheckout)
    /// Where the person is to be sent.
    case portal(url: String)
    case payment(StripePayment)
    case subscription(StripeSubscription)
    case refund(id: String)

    /// Reads the body of an answer.
    ///
    /// - Throws: ``StripeFailure`` for a status that is not 2xx, or a body that cannot be read.
    package init(status: Int, body: [UInt8]) throws(StripeFailure) {
        let read: Result<StripeAnswer, StripeFailure>
        do {
            read = try JSONIndexer().read(body, limits: .answer) { root in
                guard (200..<300).contains(status) else { return .failure(StripeFailure(status: status, root)) }
                return Self.read(root).map { .success($0) } ?? .failure(.unreadable(status: status))
            }
        } catch {
            throw .unreadable(status: status)
        }
        self = try read.get()
    }

    private static func read(_ root: JSONValue) -> StripeAnswer? {
        switch root["object"]?.string {
        case "customer": root["id"]?.string.map { .customer(id: $0) }
        case "checkout.session": StripeCheckout(root).map { .checkout($0) }
        case "billing_portal.session": root["url"]?.string.map { .portal(url: $0) }
        case "payment_intent": StripePayment(root).map { .payment($0) }
        case "subscription": StripeSubscription(root).map { .subscription($0) }
        case "refund": root["id"]?.string.map { .refund(id: $0) }
        default: nil
        }
    }
}

/// Why Stripe does not do what it was asked.
package enum StripeFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stripe says no: its status, and the kind, code and words of its error.
    case refused(status: Int, type: String, code: String, message: String)
    /// What came is no answer of Stripe's.
    case unreadable(status: Int)

    fileprivate init(status: Int, _ root: JSONValue) {
        let error = root["error"]
        self = .refused(
            status: status,
            type: error?["type"]?.string ?? "",
            code: error?["code"]?.string ?? "",
            message: error?["message"]?.string ?? ""
        )
    }

    /// Whether the same request may be sent again, with the same idempotency key.
    package var isTransient: Bool {
        switch self {
        case .refused(let status, _, _, _), .unreadable(let status): status == 409 || status == 429 || status >= 500
        }
    }

    package var description: String {
        switch self {
        case .refused(let status, let type, let code, let message):
            "Stripe answered \(status)" + (type.isEmpty ? "" : " \(type)") + (code.isEmpty ? "" : " \(code)")
                + (message.isEmpty ? "" : ": \(message)")
        case .unreadable(let status): "Stripe answered \(status) with a body that cannot be read"
        }
    }
}
