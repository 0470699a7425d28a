import SiraCore

extension Kind where Value == String {
    /// Any text.
    static var text: Kind {
        .scalar(ScalarShape(label: "text", forms: [.text(pattern: nil)]), write: { $0.asYAML }) { text in text }
    }

    /// A text that is not empty and holds neither spaces nor control characters.
    static var name: Kind {
        let shape = ScalarShape(label: "name", forms: [.text(pattern: "^[^\\s]+$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            guard text.isName else { throw Refusal("is not a name: it is empty or holds spaces") }
            return text
        }
    }

    /// The name of an HTTP header field (RFC 9110, section 5.1), kept in lower case.
    static var headerName: Kind {
        let shape = ScalarShape(label: "header name", forms: [.text(pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            guard text.isHeaderName else { throw Refusal("cannot be the name of a header field") }
            return text.lowercased()
        }
    }

    /// The name of a host (RFC 1123, section 2.1), without a port, kept in lower case.
    static var hostName: Kind {
        let shape = ScalarShape(
            label: "host name",
            forms: [.text(pattern: "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$")]
        )
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            let isName =
                !text.isEmpty && text.count <= 253
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
                && !"-.".contains(text.first ?? "-") && !"-.".contains(text.last ?? "-")
            guard isName else {
                throw Refusal("is not the name of a host; write it as sira.example.com, without a port")
            }
            return text.lowercased()
        }
    }

    /// A path of a file or directory; a relative one begins at the directory of the configuration file.
    static var path: Kind {
        let shape = ScalarShape(label: "path", forms: [.text(pattern: nil)])
        return Kind(
            shape: .scalar(shape),
            read: { node, reader in
                guard let text = reader.text(of: node, expected: shape.label) else { return nil }
                guard !text.isEmpty, !text.utf8.contains(0) else {
                    reader.fail("the path is empty", at: node.place)
                    return nil
                }
                return reader.resolve(path: text)
            },
            write: { $0.asYAML }
        )
    }
}

extension Kind where Value == Bool {
    /// `true` or `false`, or YAML's older words for them.
    static var flag: Kind { .scalar(.flag) }
}

extension TextForm where Value == Bool {
    /// `true` or `false`, or YAML's older words for them.
    static var flag: TextForm {
        TextForm(shape: ScalarShape(label: "true or false", forms: [.boolean]), write: { String($0) }) {
            text throws(Refusal) in
            switch text.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off": return false
            default: throw Refusal("is neither true nor false")
            }
        }
    }
}

extension Kind where Value == Int {
    /// A whole number within `range`.
    static func integer(_ range: ClosedRange<Int>) -> Kind {
        .scalar(ScalarShape(label: "whole number", forms: [.integer(range)]), write: { String($0) }) {
            text throws(Refusal) in
            guard let number = Int(plainDecimal: text) else {
                throw Refusal("is not a whole number in decimal digits")
            }
            guard range.contains(number) else {
                throw Refusal("is not within \(range.lowerBound) and \(range.upperBound)")
            }
            return number
        }
    }
}

extension Kind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that the type lists.
    static var word: Kind {
        let words = Value.allCases.map(\.rawValue)
        return .scalar(
            ScalarShape(label: words.joined(separator: " | "), forms: [.words(words)]),
            write: { $0.rawValue }
        ) {
            text throws(Refusal) in
            if let value = Value(rawValue: text) { return value }
            let hint = NearestName.hint(for: text, among: words)
            throw Refusal("is not one of \(words.joined(separator: ", "))\(hint)")
        }
    }
}

extension Kind where Value == ListenAddress {
    /// `host:port`.
    static var address: Kind {
        let shape = ScalarShape(
            label: "host:port",
            forms: [.text(pattern: "^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]*):[0-9]{1,5}$")]
        )
        return .scalar(shape, write: { $0.description.asYAML }) { text throws(Refusal) in
            guard let address = ListenAddress(text) else {
                throw Refusal("is not an address; write it as 127.0.0.1:8080, [::1]:8080 or :8080")
            }
            return address
        }
    }
}

extension Kind where Value == NanoUSD {
    /// Dollars as an exact decimal number, not negative.
    static var dollars: Kind {
        let shape = ScalarShape(label: "dollars", forms: [.number, .text(pattern: "^[0-9]+(\\.[0-9]{1,9})?$")])
        return .scalar(shape, write: { $0.description }) { text throws(Refusal) in
            guard let amount = NanoUSD(decimal: text) else {
                throw Refusal("is not an amount of dollars; write it as 2.50, with at most nine digits after the point")
            }
            guard amount >= .zero, !text.hasPrefix("-") else { throw Refusal("is negative") }
            return amount
        }
    }
}

extension Int {
    /// Reads decimal digits, which may be grouped as in `10_000`.
    ///
    /// A leading zero is refused, because some readers of YAML take such a number as octal.
    init?(plainDecimal text: String) {
        let magnitude = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard magnitude.first != "_", magnitude.last != "_" else { return nil }
        let digits = magnitude.replacing("_", with: "")
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard digits == "0" || digits.first != "0", let number = Int(digits) else { return nil }
        self = text.hasPrefix("-") ? -number : number
    }
}

extension String {
    /// Whether this is not empty and free of spaces and control characters.
    var isName: Bool {
        !isEmpty && unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// Whether this is a token of RFC 9110, section 5.6.2.
    var isHeaderName: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The text as a YAML scalar, in quotes where it would be taken for something else without.
    var asYAML: String {
        let isPlain =
            !isEmpty && first?.isWhitespace == false && last?.isWhitespace == false
            && unicodeScalars.allSatisfy { $0.value >= 0x20 && !"{}[],\"'#|>%&*!`".unicodeScalars.contains($0) }
            && !contains(": ") && last != ":" && !["-", "?", ":", "@", "~"].contains(first)
        guard !isPlain else { return self }
        return "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
