import SiraCore
import SiraWire

extension Kind where Value == Secret {
    /// A text that is never shown.
    ///
    /// `file:path` stands for what the file holds, without the line break at its end.
    static var secret: Kind {
        Kind(
            shape: .scalar(ScalarShape(label: "secret", forms: [.text(pattern: nil)], isSecret: true)),
            read: { node, reader in
                guard let text = reader.secretText(of: node) else { return nil }
                guard !text.isEmpty else {
                    reader.fail("the secret is empty", at: node.place)
                    return nil
                }
                // A line break or another control character cannot be sent in a header field (RFC 9110, section 5.5).
                guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                    reader.fail("the secret holds a line break or another control character", at: node.place)
                    return nil
                }
                return Secret(text)
            },
            write: { _ in nil }
        )
    }
}

extension Kind where Value == ProxyAddress {
    /// The URL of an HTTP proxy, which may hold a user name and a password and is therefore not shown.
    static var proxyURL: Kind {
        Kind(
            shape: .scalar(ScalarShape(label: "URL", forms: [.text(pattern: nil)], isSecret: true)),
            read: { node, reader in
                guard let text = reader.secretText(of: node) else { return nil }
                guard let address = ProxyAddress(url: text) else {
                    reader.fail(
                        "this is not the URL of a proxy that Sira can use; write it as http://host:3128, perhaps with "
                            + "user:password@, whose special characters are percent-encoded",
                        at: node.place
                    )
                    return nil
                }
                return address
            },
            write: { _ in nil }
        )
    }
}
