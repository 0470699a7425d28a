import Foundation
import GRDB
import SiraCore
import SiraStorage
import SiraTenancy

extension APIKey {
    /// Reads a row of the table `keys`.
    init(row: Row) throws {
        let id: String = row["id"]
        var retiring: RetiringFingerprint?
        if let lookup: String = row["retiring_lookup"], let until: Int64 = row["retiring_until"] {
            retiring = RetiringFingerprint(
                fingerprint: try KeyFingerprint(lookup: lookup, hash: row["retiring_hash"], of: id),
                validUntil: Timestamp(microseconds: until)
            )
        }
        let expiresAt: Int64? = row["expires_at"]
        let revokedAt: Int64? = row["revoked_at"]
        self.init(
            id: id,
            name: row["name"],
            fingerprint: try KeyFingerprint(lookup: row["lookup"], hash: row["hash"], of: id),
            retiring: retiring,
            // Leaving out a pattern that cannot be read could turn "these models" into "all models".
            allowedModels: try TextList.texts(row["allowed_models"]).map { text in
                guard let pattern = ModelPattern(text) else {
                    throw StoreError.unreadable("model pattern '\(text)' of \(id)")
                }
                return pattern
            },
            expiresAt: expiresAt.map(Timestamp.init(microseconds:)),
            revokedAt: revokedAt.map(Timestamp.init(microseconds:)),
            tags: try TextList.texts(row["tags"]),
            createdAt: Timestamp(microseconds: row["created_at"])
        )
        project = row["project"]
        owner = row["owner"]
        // As with models: leaving one out would let others in.
        allowedAddresses = try TextList.texts(row["allowed_addresses"]).map { text in
            guard let range = AddressRange(text) else {
                throw StoreError.unreadable("range of addresses '\(text)' of \(id)")
            }
            return range
        }
        guard let priority = RequestPriority(rawValue: row["priority"]) else {
            throw StoreError.unreadable("priority of \(id)")
        }
        self.priority = priority
        version = row["version"]
        let updatedAt: Int64? = row["updated_at"]
        self.updatedAt = updatedAt.map(Timestamp.init(microseconds:)) ?? createdAt
    }
}

extension KeyHash {
    var blob: Data { Data(bytes) }
}

extension KeyFingerprint {
    fileprivate init(lookup: String, hash: Data?, of id: String) throws {
        guard let lookup = KeyLookup(lookup), let hash, let hash = KeyHash(bytes: [UInt8](hash)) else {
            throw StoreError.unreadable("fingerprint of \(id)")
        }
        self.init(lookup: lookup, hash: hash)
    }
}
