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
    /// Stripe says no: its status, the kind, code and words of its error, and by which id Stripe knows the request.
    case refused(status: Int, type: String, code: String, message: String, request: String?)
    /// What came is no answer of Stripe's.
    case unreadable(status: Int)

    fileprivate init(status: Int, _ root: JSONValue) {
        let error = root["error"]
        self = .refused(
            status: status,
            type: error?["type"]?.string ?? "",
            code: error?["code"]?.string ?? "",
            message: error?["message"]?.string ?? "",
            request: error?["request_log_url"]?.string.flatMap(Self.request)
        )
    }

    /// The id in the address at which Stripe shows the request: `…/logs/req_4Fq?t=1`.
    private static func request(_ address: String) -> String? {
        let name = address.split(separator: "/").last?.prefix { $0 != "?" } ?? ""
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return name.hasPrefix("req_") && isPlain && name.utf8.count <= 100 ? String(name) : nil
    }

    /// What somebody is told who is not the operator: nothing of Stripe's own words, which may speak of its account.
    package var tenantWords: String {
        let (words, request): (String, String?) =
            switch self {
            case .refused(402, _, _, _, let request): ("Stripe declined the payment.", request)
            case .refused(_, _, _, _, let request) where isTransient:
                ("Stripe cannot do this at the moment; try again in a minute.", request)
            case .refused(_, _, _, _, let request):
                ("Stripe did not accept this; the gateway's log says why.", request)
            case .unreadable: ("Stripe's answer could not be read; try again in a minute.", nil)
            }
        return words + (request.map { " Stripe's id of the request is \($0)." } ?? "")
    }

    /// Whether the same request may be sent again, with the same idempotency key.
    package var isTransient: Bool {
        switch self {
        case .refused(let status, _, _, _, _), .unreadable(let status): status == 409 || status == 429 || status >= 500
        }
    }

    package var description: String {
        switch self {
        case .refused(let status, let type, let code, let message, let request):
            "Stripe answered \(status)" + (type.isEmpty ? "" : " \(type)") + (code.isEmpty ? "" : " \(code)")
                + (message.isEmpty ? "" : ": \(message)") + (request.map { " (\($0))" } ?? "")
        case .unreadable(let status): "Stripe answered \(status) with a body that cannot be read"
        }
    }
}
