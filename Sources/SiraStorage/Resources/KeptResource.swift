package import SiraJSON
package import SiraCore
package import SiraTenancy

/// A resource as it is told: its fields, and what is known of it besides.
package struct KeptResource: Sendable {
    package let id: String
    package let version: Int64
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let value: any Resource
    /// For keys: the key itself.
    package let key: APIKey?

    init(_ document: ResourceDocument, _ value: any Resource) {
        id = document.id
        version = document.version
        createdAt = document.createdAt
        updatedAt = document.updatedAt
        self.value = value
        key = nil
    }

    init(_ key: APIKey) {
        id = key.id
        version = key.version
        createdAt = key.createdAt
        updatedAt = key.updatedAt
        value = KeyTerms(key)
        self.key = key
    }

    /// Writes it as members of an object, without secrets.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        value.write(to: &json, showingSecrets: false)
        if let key {
            json.member("hint", "\(KeyText.prefix)\(key.fingerprint.lookup)…")
            json.key("revoked_at")
            json.element(key.revokedAt)
            json.key("previous_text_until")
            json.element(key.retiring?.validUntil)
        }
        json.member("version", version)
        json.member("created_at", createdAt.description)
        json.member("updated_at", updatedAt.description)
    }

    /// The object as JSON.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { write(to: &$0) }
        return json.bytes
    }
}

extension JSONWriter {
    /// A time, or null.
    package mutating func element(_ time: Timestamp?) {
        if let time { element(time.description) } else { null() }
    }
}
