package import SiraCore

/// Why a presented key is not accepted.
package enum KeyRejection: Error, Hashable, Sendable, CaseIterable {
    /// Nothing was presented.
    case missing
    /// It cannot be a key of Sira's: wrong form or wrong check digits.
    case malformed
    /// Well-formed, and not on this ring. A newer ring may have it.
    case unknown
    /// Its lookup digits are known; the rest is not the key's.
    case mismatch
    case expired
    case revoked

    /// Whether a ring read afresh from the store could answer differently.
    package var isUnknown: Bool { self == .unknown }

    /// What the client is told.
    ///
    /// Unknown and mismatching keys are told the same.
    package var error: GatewayError {
        switch self {
        case .missing:
            GatewayError(
                .missingKey,
                "No API key was given. Send it as 'Authorization: Bearer …' or 'x-api-key: …'."
            )
        case .malformed:
            GatewayError(
                .invalidKey,
                "This is not a key of this gateway. Its keys begin with '\(KeyText.prefix)' and have "
                    + "\(KeyText.length) characters, check digits among them; was it mistyped, or not copied in full?"
            )
        case .unknown, .mismatch:
            GatewayError(
                .invalidKey,
                "This API key is not known here. It may have been mistyped, rotated or made at another gateway."
            )
        case .expired:
            GatewayError(.expiredKey, "This API key has expired. Ask who runs the gateway for a new one.")
        case .revoked:
            GatewayError(.revokedKey, "This API key was revoked. Ask who runs the gateway for a new one.")
        }
    }
}
