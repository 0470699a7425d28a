package import SiraCore
internal import SiraTenancy

/// A header that shows a provider who calls.
package struct Credential: Hashable, Sendable {
    /// In lower case.
    package let name: String
    package let value: Secret
    /// What it is called in the books and among what is known of health; it tells nothing of the secret.
    package let digest: String

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
        digest = ShortDigest.of(value.reveal())
    }
}
