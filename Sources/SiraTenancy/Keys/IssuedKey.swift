package import SiraCore

/// A key with its text, which is shown this once and kept nowhere.
package struct IssuedKey: Sendable {
    package let key: APIKey
    /// The text to give to the application.
    package let text: Secret
}

extension APIKey {
    /// Makes a new key.
    package static func issue(
        name: String,
        allowedModels: [ModelPattern] = [],
        tags: [String] = [],
        expiresAt: Timestamp? = nil,
        at now: Timestamp
    ) -> IssuedKey {
        var random = SystemRandomNumberGenerator()
        return issue(
            name: name,
            allowedModels: allowedModels,
            tags: tags,
            expiresAt: expiresAt,
            at: now,
            using: &random
        )
    }

    /// Makes a new key from the random source given, which tests choose.
    package static func issue(
        name: String,
        allowedModels: [ModelPattern] = [],
        tags: [String] = [],
        expiresAt: Timestamp? = nil,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> IssuedKey {
        let (text, fingerprint) = KeyText.draw(using: &random)
        // 11 digits make ids of 15 bytes, which Swift strings hold without allocation.
        let id = "key_" + String(decoding: Base62.random(count: 11, using: &random), as: UTF8.self)
        let key = APIKey(
            id: id,
            name: name,
            fingerprint: fingerprint,
            allowedModels: allowedModels,
            expiresAt: expiresAt,
            tags: tags,
            createdAt: now
        )
        return IssuedKey(key: key, text: text)
    }

    /// Gives the key a new text.
    ///
    /// - Parameter grace: how long the text used so far is honoured beside the new one; zero refuses it at once.
    ///   A text that was retiring already is honoured no more.
    package func rotated(grace: Duration, at now: Timestamp) -> IssuedKey {
        var random = SystemRandomNumberGenerator()
        return rotated(grace: grace, at: now, using: &random)
    }

    /// Gives the key a new text from the random source given, which tests choose.
    package func rotated(
        grace: Duration,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> IssuedKey {
        let (text, fresh) = KeyText.draw(using: &random)
        var key = self
        key.retiring =
            grace > .zero
            ? RetiringFingerprint(fingerprint: fingerprint, validUntil: now.advanced(by: grace)) : nil
        key.fingerprint = fresh
        return IssuedKey(key: key, text: text)
    }
}
