import SiraCore

/// A request to Stripe's API, to be sent by whoever has a connection.
package struct StripeRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    /// A member of the form; Stripe writes nested ones `items[0][price]`.
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let method: Method
    /// Begins with `/v1/`.
    package let path: String
    package let form: [Field]
    /// Makes Stripe do what is asked once, however often it is sent in 24 hours; nil where asking changes nothing.
    package let idempotencyKey: String?

    init(_ method: Method, _ path: String, _ form: [(String, String)] = [], idempotencyKey: String? = nil) {
        self.method = method
        self.path = path
        self.form = form.map { Field(name: $0.0, value: $0.1) }
        // Stripe takes no more than 255 characters.
        self.idempotencyKey = idempotencyKey.map { String($0.prefix(255)) }
    }

    /// The body: `application/x-www-form-urlencoded` (WHATWG URL, section 5.2); empty without a form.
    package var body: [UInt8] {
        Array(form.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&").utf8)
    }

    /// The header fields, the secret key among them.
    package func headers(_ settings: StripeSettings) -> [(name: String, value: String)] {
        var headers = [
            (name: "Authorization", value: "Bearer " + settings.secretKey.reveal()),
            (name: "Stripe-Version", value: StripeSettings.version),
        ]
        if !form.isEmpty { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        if let idempotencyKey { headers.append(("Idempotency-Key", idempotencyKey)) }
        return headers
    }

    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "*"):
                bytes.append(byte)
            case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
