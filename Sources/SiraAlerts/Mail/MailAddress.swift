import SiraCore

/// An address of mail, with the name of whom it belongs to.
///
/// The address itself is of ASCII letters: local parts without quotes, domains as the DNS writes them.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// For people; may be empty.
    package let name: String
    /// `local@domain`.
    package let address: String

    /// Reads `local@domain` or `Name <local@domain>`; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count <= 512, NoticeText.oneLine(text) == text else { return nil }
        var (name, address) = ("", text[...])
        if text.hasSuffix(">") {
            guard let open = text.lastIndex(of: "<"), !text[..<open].contains(where: { "<>".contains($0) }) else {
                return nil
            }
            name = String(text[..<open]).trimmingSpaces
            if name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
            address = text[text.index(after: open)...].dropLast()
        }
        guard let at = address.lastIndex(of: "@") else { return nil }
        let (local, domain) = (address[..<at], address[address.index(after: at)...])
        guard (1...64).contains(local.utf8.count), Self.isDotAtom(local), Self.isDomain(domain) else { return nil }
        self.name = name
        self.address = "\(local)@\(domain.lowercased())"
    }

    /// What comes after the `@`.
    package var domain: Substring {
        address.lastIndex(of: "@").map { address[address.index(after: $0)...] } ?? ""
    }

    package var description: String { name.isEmpty ? address : "\(name) <\(address)>" }

    /// RFC 5322, section 3.2.3.
    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
                }
        }
    }

    private static func isDomain(_ text: Substring) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || byte == 0x2D
                    }
            }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
