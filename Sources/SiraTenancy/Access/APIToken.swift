package import SiraCore

/// What a user or a service account shows to the admin API; what it may do is what its holder may.
///
/// The token's text is not here: only its fingerprint, from which it cannot be had back.
package struct APIToken: Hashable, Sendable {
    /// What ids begin with; they have 11 base-62 digits after it.
    package static let idPrefix = "tok_"

    package let id: String
    /// The user or service account.
    package let holder: ResourceReference
    /// What people call it.
    package let name: String
    package let fingerprint: KeyFingerprint
    package let createdAt: Timestamp
    /// From when on it is refused as expired; nil for never.
    package let expiresAt: Timestamp?
    /// From when on it is refused as revoked.
    package var revokedAt: Timestamp?

    package init(
        id: String,
        holder: ResourceReference,
        name: String,
        fingerprint: KeyFingerprint,
        createdAt: Timestamp,
        expiresAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.holder = holder
        self.name = name
        self.fingerprint = fingerprint
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }

    /// Whether it is honoured at that time.
    package func isValid(at time: Timestamp) -> Bool {
        revokedAt.map { time < $0 } ?? true && expiresAt.map { time < $0 } ?? true
    }

    /// Makes a new token; the text is shown this once and kept nowhere.
    ///
    /// - Parameter random: must be cryptographically strong outside of tests.
    package static func issue(
        _ terms: APITokenTerms,
        to holder: ResourceReference,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> (token: APIToken, text: Secret) {
        let (text, fingerprint) = KeyText.draw(prefix: TokenText.prefix, using: &random)
        let token = APIToken(
            id: idPrefix + String(decoding: Base62.random(count: 11, using: &random), as: UTF8.self),
            holder: holder,
            name: terms.name,
            fingerprint: fingerprint,
            createdAt: now,
            expiresAt: terms.expiresAt
        )
        return (token, text)
    }
}

/// What is said of a token when it is made.
package struct APITokenTerms: FieldGroup {
    package var name = ""
    package var expiresAt: Timestamp?

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("expires_at", \.expiresAt, .time, "From when on it is refused; never otherwise.")
    }
}

/// The form of a token's text: that of a key's with another prefix, so that neither is taken for the other.
package enum TokenText {
    package static let prefix = "sira-"

    /// The fingerprint of a presented text; nil when it cannot be a token of Sira's.
    package static func fingerprint(of text: String) -> KeyFingerprint? {
        var text = text
        return text.withUTF8 { KeyText.fingerprint(of: UnsafeRawBufferPointer($0), prefix: prefix) }
    }
}
