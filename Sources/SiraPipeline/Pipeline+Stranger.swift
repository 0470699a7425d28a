package import SiraCore
import SiraTenancy
package import SiraWire

extension Pipeline {
    /// Why whoever sends these header fields cannot be let in, whatever the request's body says; nil when they may.
    ///
    /// Looks at no ring: a key of the right form may have been made a moment ago, so ``authenticate(_:_:)`` decides
    /// about it.
    package func refusalOfStranger(_ headers: HeaderFields) -> GatewayError? {
        guard var presented = presentedKey(headers), !presented.isEmpty else {
            return mayBeAnonymous(context.snapshot.policy) ? nil : KeyRejection.missing.error
        }
        if mayBeAnonymous(context.snapshot.policy), !presented.hasPrefix(KeyText.prefix) { return nil }
        let fingerprint = presented.withUTF8 { KeyText.fingerprint(of: UnsafeRawBufferPointer($0)) }
        return fingerprint == nil ? KeyRejection.malformed.error : nil
    }
}
