package import SiraCore

/// All keys at one moment, found by what applications present.
///
/// Never changes; a newer ring replaces it.
package final class KeyRing: Sendable {
    private struct Place {
        var index: Int
        var isRetiring: Bool
    }

    private let keys: [APIKey]
    private let places: [KeyLookup: Place]

    /// A ring without keys, which refuses everyone.
    package static let empty = KeyRing([])

    package init(_ keys: [APIKey]) {
        self.keys = keys
        var places: [KeyLookup: Place] = [:]
        places.reserveCapacity(keys.count)
        for (index, key) in keys.enumerated() {
            if let retiring = key.retiring {
                places[retiring.fingerprint.lookup] = Place(index: index, isRetiring: true)
            }
            places[key.fingerprint.lookup] = Place(index: index, isRetiring: false)
        }
        self.places = places
    }

    /// How many keys there are, revoked and expired ones included.
    package var count: Int { keys.count }

    /// The key whose text this is.
    ///
    /// Whether it has expired or was revoked is only said to who knows the whole text.
    package func authenticate(_ text: UnsafeRawBufferPointer, at now: Timestamp) throws(KeyRejection) -> APIKey {
        guard !text.isEmpty else { throw .missing }
        guard let presented = KeyText.fingerprint(of: text) else { throw .malformed }
        guard let place = places[presented.lookup] else { throw .unknown }
        let key = keys[place.index]
        if place.isRetiring {
            guard let retiring = key.retiring, retiring.fingerprint.hash == presented.hash else { throw .mismatch }
            guard now < retiring.validUntil else { throw .expired }
        } else {
            guard key.fingerprint.hash == presented.hash else { throw .mismatch }
        }
        if let revokedAt = key.revokedAt, now >= revokedAt { throw .revoked }
        if let expiresAt = key.expiresAt, now >= expiresAt { throw .expired }
        return key
    }

    /// The key whose text this is; nil and empty texts are missing keys.
    package func authenticate(_ text: String?, at now: Timestamp) throws(KeyRejection) -> APIKey {
        guard var text else { throw .missing }
        let result = text.withUTF8 { bytes in
            Result { () throws(KeyRejection) in try authenticate(UnsafeRawBufferPointer(bytes), at: now) }
        }
        return try result.get()
    }
}
