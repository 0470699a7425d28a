import SiraCore
package import SiraJSON
import SiraStorage
import SiraTenancy

extension RedeemCode {
    /// The document that is kept.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.member("digest", Base64.encoded(digest.bytes))
            $0.member("amount_usd", amount.description)
            $0.member("uses", uses)
            $0.member("expires_at", orNull: expiresAt?.microseconds)
            $0.member("note", note)
            $0.member("created_at", createdAt.microseconds)
            $0.member("revoked_at", orNull: revokedAt?.microseconds)
            $0.array("redeemed_by") { list in
                for organization in redeemedBy { list.element(organization) }
            }
        }
        return json.bytes
    }

    /// Reads what ``json`` writes.
    ///
    /// - Throws: ``StoreError/unreadable(_:)`` for anything else.
    init(json text: [UInt8]) throws {
        self = try JSONIndexer().read(text, limits: .answer) { root in
            guard
                let digest = root["digest"]?.string.flatMap({ Base64.decoded($0.utf8) })
                    .flatMap({ KeyHash(bytes: $0) }),
                let amount = root["amount_usd"]?.string.flatMap({ NanoUSD(decimal: $0) }),
                let uses = root["uses"]?.integer, let createdAt = root["created_at"]?.integer
            else { throw StoreError.unreadable("a redeem code") }
            var code = RedeemCode(
                digest: digest,
                amount: amount,
                uses: Int(uses),
                expiresAt: root["expires_at"]?.integer.map { Timestamp(microseconds: $0) },
                note: root["note"]?.string ?? "",
                createdAt: Timestamp(microseconds: createdAt)
            )
            code.revokedAt = root["revoked_at"]?.integer.map { Timestamp(microseconds: $0) }
            code.redeemedBy = root["redeemed_by"]?.elements.compactMap(\.string) ?? []
            return code
        }
    }
}

extension RedeemCode {
    /// Writes what an operator may see of it, as members of an object: all but the digest.
    package func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("object", "redeem_code")
        json.member("amount_usd", amount.description)
        json.member("uses", uses)
        json.member("used", redeemedBy.count)
        json.member("note", note)
        json.member("created_at", createdAt.description)
        json.member("expires_at", orNull: expiresAt?.description)
        json.member("revoked_at", orNull: revokedAt?.description)
        json.array("redeemed_by") { list in
            for organization in redeemedBy { list.element(organization) }
        }
    }
}
