import Crypto
package import SiraCore

/// Makes sure that an event comes from Stripe: HMAC-SHA256 over the time and the body, under a secret of both.
///
/// The header field is `Stripe-Signature: t=1763700000,v1=5257a8…`, with a `v1` for each secret while one is being
/// replaced. There is no way to read an event without it.
package struct StripeSignature: Sendable {
    /// How far the time in the header may be from now, in seconds.
    package static let tolerance: Int64 = 300
    /// The most header bytes, and signatures in them, that are looked at.
    private static let longest = 4_096
    private static let most = 16

    private let keys: [SymmetricKey]

    /// - Parameter secrets: of the webhook, beginning with `whsec_`; more than one while one is being replaced.
    /// - Throws: ``BillingError/invalid(_:_:)`` when there is none, or one is empty: signatures under an empty secret can
    ///   be made by anybody.
    package init(secrets: [Secret]) throws(BillingError) {
        guard !secrets.isEmpty else { throw .invalid("stripe.webhook_secret", "is missing") }
        var keys: [SymmetricKey] = []
        for secret in secrets {
            let text = secret.reveal()
            // Stripe's own are longer by far; what is this short was made up, or is a variable that was never set.
            guard text.utf8.count >= 16, text.contains(where: { !$0.isWhitespace }) else {
                throw .invalid("stripe.webhook_secret", "is empty or shorter than 16 characters")
            }
            keys.append(SymmetricKey(data: Array(text.utf8)))
        }
        self.keys = keys
    }

    /// Why an event is not taken for Stripe's.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case missing
        case malformed
        /// It is too long ago, or ahead, that it was signed: it may be an old one sent again.
        case outOfTime(seconds: Int64)
        case wrong

        package var description: String {
            switch self {
            case .missing: "The header field Stripe-Signature is missing"
            case .malformed: "The header field Stripe-Signature cannot be read"
            case .outOfTime(let seconds): "The event was signed \(seconds) seconds ago, more than are allowed"
            case .wrong: "The signature is not one of the webhook's secret"
            }
        }
    }

    /// Makes sure that the body was signed under a secret, and just now.
    package func verify(header: String?, body: [UInt8], at now: Timestamp) throws(Failure) {
        guard let header, !header.isEmpty else { throw .missing }
        guard header.utf8.count <= Self.longest else { throw .malformed }
        var (time, signatures): (Int64?, [[UInt8]]) = (nil, [])
        for part in header.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw .malformed }
            switch halves[0].drop(while: { $0 == " " }) {
            case "t":
                guard time == nil, let seconds = Int64(halves[1]), seconds >= 0 else { throw .malformed }
                time = seconds
            case "v1":
                if signatures.count < Self.most, let signature = Self.bytes(of: halves[1]) {
                    signatures.append(signature)
                }
            default: break  // v0 and schemes to come are not to be trusted
            }
        }
        guard let time, !signatures.isEmpty else { throw .malformed }
        let (age, overflow) = now.seconds.subtractingReportingOverflow(time)
        guard !overflow, age.magnitude <= UInt64(Self.tolerance) else { throw .outOfTime(seconds: age) }
        let signed = Array("\(time).".utf8) + body
        var isGood = false
        for key in keys {
            for signature in signatures {
                // Compared in a time that does not depend on where they differ; and none is left out for another.
                isGood = HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key) || isGood
            }
        }
        guard isGood else { throw .wrong }
    }

    /// The header field for a body, as Stripe makes it; for tests of endpoints.
    package func header(for body: [UInt8], at time: Timestamp) -> String {
        let signed = Array("\(time.seconds).".utf8) + body
        let digits = Array("0123456789abcdef".utf8)
        var header = "t=\(time.seconds)"
        for key in keys {
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
            header +=
                ",v1=" + String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
        return header
    }

    /// The 32 bytes of 64 hexadecimal digits; nil for anything else.
    private static func bytes(of digits: Substring) -> [UInt8]? {
        let values = digits.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard values.count == 64, digits.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
