package import SiraCore

/// A key that applications present, and what it entitles them to.
///
/// The key's text is not here: only its fingerprint, from which it cannot be had back.
package struct APIKey: Hashable, Sendable {
    /// `key_` and 11 base-62 digits: the name that stays through rotations.
    package let id: String
    /// What people call it.
    package var name: String
    /// The fingerprint of the key's present text.
    package var fingerprint: KeyFingerprint
    /// The text before the last rotation, while it is still honoured.
    package var retiring: RetiringFingerprint?
    /// The models it may use; empty means all.
    package var allowedModels: [ModelPattern]
    /// From when on it is refused as expired.
    package var expiresAt: Timestamp?
    /// From when on it is refused as revoked.
    package var revokedAt: Timestamp?
    /// Words for reports; each request of the key is counted under each of them.
    ///
    /// Usage records carry at most ``tagLimit`` of them, with at most ``tagBytes`` bytes each.
    package var tags: [String]
    package let createdAt: Timestamp
    /// The project that it belongs to; empty for none.
    package var project = ""
    /// The user or service account that answers for it; nil is nobody.
    package var owner: String?
    /// The addresses from which it may be used; empty means all.
    package var allowedAddresses: [AddressRange] = []
    /// The highest priority that its requests may ask for, and the one that they have otherwise.
    package var priority = RequestPriority.interactive
    /// 1 when it was made, and one more with each change; the store counts.
    package var version: Int64 = 1
    /// When it was made or last changed.
    package var updatedAt: Timestamp

    /// Most tags of a key.
    package static let tagLimit = 64
    /// Most bytes of a tag, in UTF-8.
    package static let tagBytes = 1_024

    package init(
        id: String,
        name: String,
        fingerprint: KeyFingerprint,
        retiring: RetiringFingerprint? = nil,
        allowedModels: [ModelPattern] = [],
        expiresAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil,
        tags: [String] = [],
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.fingerprint = fingerprint
        self.retiring = retiring
        self.allowedModels = allowedModels
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.tags = tags
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// Whether requests may name that model.
    package func allows(model: String) -> Bool {
        allowedModels.isEmpty || allowedModels.contains { $0.matches(model) }
    }
}

/// The fingerprint of a text that was replaced, and until when it is honoured beside the new one.
package struct RetiringFingerprint: Hashable, Sendable {
    package var fingerprint: KeyFingerprint
    package var validUntil: Timestamp

    package init(fingerprint: KeyFingerprint, validUntil: Timestamp) {
        self.fingerprint = fingerprint
        self.validUntil = validUntil
    }
}
