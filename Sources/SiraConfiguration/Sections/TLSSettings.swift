/// Certificate and key of a listener.
package struct TLSSettings: Hashable, Sendable {
    /// Path of a PEM file: the certificate, then its intermediates.
    package var certificate = ""
    /// Path of a PEM file with the certificate's private key.
    package var key = ""
    package var minimumVersion = Version.tls13

    /// A version of TLS.
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    package init() {}
}
