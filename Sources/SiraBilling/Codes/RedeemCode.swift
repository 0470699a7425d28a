import Crypto
package import SiraCore
package import SiraTenancy

/// A code that organizations turn in for credit, as it is kept: without its text.
package struct RedeemCode: Hashable, Sendable {
    /// The most organizations that one code can serve, since all that turned it in are kept with it.
    package static let mostUses = 10_000

    /// `code_` and the beginning of the digest; tells codes apart and is no secret.
    package let id: String
    /// SHA-256 of the text.
    package let digest: KeyHash
    package var amount: NanoUSD
    /// How many organizations may turn it in, each once.
    package var uses: Int
    package var expiresAt: Timestamp?
    /// For people: a campaign, an event.
    package var note: String
    package var createdAt: Timestamp
    /// When an operator withdrew it.
    package var revokedAt: Timestamp?
    /// The organizations that turned it in, in their order.
    package var redeemedBy: [String] = []

    /// A code that was just drawn, whose text is shown this once and kept nowhere.
    package struct Issued: Sendable {
        package let code: RedeemCode
        package let text: Secret
    }

    init(
        digest: KeyHash,
        amount: NanoUSD,
        uses: Int,
        expiresAt: Timestamp?,
        note: String,
        createdAt: Timestamp
    ) {
        id = Self.id(of: digest)
        self.digest = digest
        self.amount = amount
        self.uses = uses
        self.expiresAt = expiresAt
        self.note = note
        self.createdAt = createdAt
    }

    /// Draws a code.
    ///
    /// - Parameter uses: how many organizations may turn it in, each once.
    /// - Throws: ``BillingError/invalid(_:_:)`` for an amount or uses that make no sense.
    package static func issue(
        amount: NanoUSD,
        uses: Int = 1,
        expiresAt: Timestamp? = nil,
        note: String = "",
        at now: Timestamp
    ) throws(BillingError) -> Issued {
        var random = SystemRandomNumberGenerator()
        return try issue(amount: amount, uses: uses, expiresAt: expiresAt, note: note, at: now, using: &random)
    }

    /// Draws a code from the random source given, which tests choose.
    package static func issue(
        amount: NanoUSD,
        uses: Int = 1,
        expiresAt: Timestamp? = nil,
        note: String = "",
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(BillingError) -> Issued {
        guard amount > .zero else { throw .invalid("amount", "is not above zero") }
        guard (1...mostUses).contains(uses) else { throw .invalid("uses", "is not from 1 to \(mostUses)") }
        if let expiresAt, expiresAt <= now { throw .invalid("expires_at", "is past") }
        let text = CodeText.draw(using: &random)
        guard let digest = digest(of: text) else { throw .invalid("code", "has no digest") }
        let code = RedeemCode(
            digest: digest,
            amount: amount,
            uses: uses,
            expiresAt: expiresAt,
            note: note,
            createdAt: now
        )
        return Issued(code: code, text: text)
    }

    /// SHA-256 of the code's text; never nil.
    static func digest(of text: Secret) -> KeyHash? {
        SHA256.hash(data: Array(text.reveal().utf8)).withUnsafeBytes { KeyHash(bytes: $0) }
    }

    /// The id of the code with this digest: 64 bits of it, which tell nothing of the 75 random ones of the text.
    static func id(of digest: KeyHash) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let name = digest.bytes.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "code_" + String(decoding: name, as: UTF8.self)
    }
}

/// Why a code is not taken.
package enum CodeRejection: Error, Hashable, Sendable, CustomStringConvertible {
    /// It was mistyped: the form or the check digit is wrong.
    case malformed
    case unknown
    case expired
    case revoked
    /// As many organizations turned it in as may.
    case usedUp
    /// The same organization turned it in before.
    case alreadyRedeemed

    package var description: String {
        switch self {
        case .malformed: "That is no code: look whether it was typed as it is written"
        case .unknown: "There is no such code"
        case .expired: "The code has expired"
        case .revoked: "The code was withdrawn"
        case .usedUp: "The code was used already"
        case .alreadyRedeemed: "Your organization has used this code already"
        }
    }
}
