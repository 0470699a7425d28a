import Crypto
import Foundation
import SiraCore

/// Locks secrets up before they are kept: AES-256-GCM under the operator's master key.
package struct Seal: Sendable {
    private let key: SymmetricKey
    /// What a sealed text begins with.
    private static let mark = "sealed:1:"

    /// - Parameter key: 32 bytes.
    /// - Throws: ``SealError/badKey`` for any other number.
    package init(key: [UInt8]) throws(SealError) {
        guard key.count == 32 else { throw .badKey }
        self.key = SymmetricKey(data: key)
    }

    /// Whether a text is a sealed one.
    package static func isSealed(_ text: String) -> Bool { text.hasPrefix(mark) }

    /// The text, locked up: only for the place that is named, and different each time.
    package func seal(_ text: String, for place: String) throws -> String {
        let box = try AES.GCM.seal(Array(text.utf8), using: key, authenticating: Array(place.utf8))
        // There always is one with a nonce of the usual length.
        guard let bytes = box.combined else { throw SealError.badKey }
        return Self.mark + Base64.encoded(Array(bytes))
    }

    /// The text that was sealed for that place; a text that never was is given as it is.
    ///
    /// - Throws: ``SealError/broken(place:)`` when the key is another, or the text was changed or moved.
    package func open(_ text: String, for place: String) throws(SealError) -> String {
        guard Self.isSealed(text) else { return text }
        guard let bytes = Base64.decoded(text.utf8.dropFirst(Self.mark.utf8.count)),
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let plain = try? AES.GCM.open(box, using: key, authenticating: Array(place.utf8))
        else { throw .broken(place: place) }
        return String(decoding: plain, as: UTF8.self)
    }
}

/// Why a secret cannot be locked up or read.
package enum SealError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The master key does not have 32 bytes.
    case badKey
    /// What is kept cannot be read with this master key.
    case broken(place: String)
    /// The file of the master key cannot be used.
    case file(path: String, reason: String)

    package var description: String {
        switch self {
        case .badKey: "the master key must be 32 bytes, in base 64 or as 64 hexadecimal digits"
        case .broken(let place): "\(place) cannot be read with this master key; is SIRA_MASTER_KEY another than before?"
        case .file(let path, let reason): "the master key \(path) cannot be used: \(reason)"
        }
    }
}
