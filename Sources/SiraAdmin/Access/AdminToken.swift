import SiraCore
import SiraIdentity
import SiraTenancy

/// The token that callers must show.
struct AdminToken: Sendable {
    private let expected: [UInt8]

    init(_ secret: Secret) {
        expected = Array(secret.reveal().utf8)
    }

    /// Whether the value of an `Authorization` header carries the token.
    func accepts(_ header: String?) -> Bool {
        guard let header else { return false }
        let scheme = "bearer "
        guard header.utf8.count > scheme.utf8.count, header.prefix(scheme.count).lowercased() == scheme else {
            return false
        }
        return matches(header.utf8.dropFirst(scheme.utf8.count))
    }

    /// What only this token and a random text together amount to; nil for an empty token.
    ///
    /// Neither can be guessed from it by who does not have the other.
    func proof(with text: Secret) -> KeyHash? {
        expected.isEmpty ? nil : RandomText.digest([text.reveal(), String(decoding: expected, as: UTF8.self)])
    }

    /// Takes the same time for every given text of one length, so that time tells nothing of where they differ.
    private func matches(_ given: some Collection<UInt8>) -> Bool {
        guard !expected.isEmpty else { return false }
        var difference = UInt64(given.count ^ expected.count)
        var index = 0
        for byte in given {
            difference |= UInt64(byte ^ expected[index])
            index = index + 1 == expected.count ? 0 : index + 1
        }
        return difference == 0
    }
}
