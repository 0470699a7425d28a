/// Certificate and key of a listener.
package struct TLSSettings: Hashable, Sendable {
    /// Path of a PEM file: the certificate, then its intermediates.
    package var certificate = ""
    /// Path of a PEM file with the certificate's private key.
    package var key = ""
    /// The oldest version that is spoken.
    package var minimumVersion = Version.tls13

    /// A version of TLS.
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    package init() {}
}

extension TLSSettings: SettingsSection {
    static var summary: String { "Certificate and key of a listener." }

    static var fields: [Field<Self>] {
        Field(
            "certificate",
            \.certificate,
            .path,
            example: "tls/certificate.pem",
            isRequired: true,
            "PEM file with the certificate, then its intermediates."
        )
        Field(
            "key",
            \.key,
            .path,
            example: "tls/key.pem",
            isRequired: true,
            "PEM file with the certificate's private key."
        )
        Field("minimum_version", \.minimumVersion, .word, "The oldest version of TLS that is spoken.")
    }
}
