extension Kind where Value == String {
    /// A provider's base URL, without the slash at its end.
    ///
    /// May hold `{variable}`.
    static var baseURL: Kind {
        let shape = ScalarShape(label: "URL", forms: [.text(pattern: "^https?://.+|^\\$\\{|^\\{")])
        return Kind(
            shape: .scalar(shape),
            read: { node, reader in
                guard var text = reader.text(of: node, expected: shape.label) else { return nil }
                while text.last == "/" { text.removeLast() }
                // Not shown in the message: what stands before the @ may be a password.
                guard !text.contains("@") else {
                    reader.fail("the URL must not hold a user name or password; use api_key or headers", at: node.place)
                    return nil
                }
                // Nor is this one: keys are given as part of a query elsewhere.
                guard !text.contains("?"), !text.contains("#") else {
                    reader.fail(
                        "a base URL has no query and no fragment; write it as https://host/v1, and a key as api_key",
                        at: node.place
                    )
                    return nil
                }
                guard let url = URLText(text, schemes: ["http", "https"]) else {
                    let shown = reader.shown(text, from: node)
                    reader.fail(
                        "\(shown) is not a base URL; write it as https://host/v1",
                        at: node.place
                    )
                    return nil
                }
                if let ending = ["/chat/completions", "/messages", "/embeddings"].first(where: url.path.hasSuffix) {
                    reader.fail("the URL ends in \(ending), which Sira adds itself; leave it off", at: node.place)
                    return nil
                }
                return text
            },
            write: { $0.asYAML }
        )
    }

    /// A web page's origin (RFC 6454): `scheme://host[:port]`, or `*` for any.
    static var webOrigin: Kind {
        let shape = ScalarShape(label: "origin", forms: [.text(pattern: "^(\\*|[a-z][a-z0-9+.-]*://[^/]+)$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            if text == "*" { return text }
            guard let url = URLText(text, schemes: nil), url.path.isEmpty, !text.contains("@") else {
                throw Refusal("is not an origin; write it as https://app.example.com, without a path, or *")
            }
            return text
        }
    }
}

extension Kind where Value == String {
    /// Where browsers or clients reach a listener of ours: `https://host[:port]`, or with `http`.
    static var publicOrigin: Kind {
        let shape = ScalarShape(label: "origin", forms: [.text(pattern: "^https?://[^/?#@*]+$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
            guard isWeb, let url = URLText(text, schemes: nil), url.path.isEmpty,
                !text.contains(where: { "?#@*".contains($0) })
            else { throw Refusal("is not an origin; write it as https://sira.example.com, without a path") }
            return text
        }
    }
}

/// A URL as far as it can be judged before its variables are known.
struct URLText {
    /// What follows host and port; empty or beginning with a slash.
    var path: String

    /// Takes apart `scheme://host[:port][/path]`.
    ///
    /// `schemes`: those that are allowed, nil for any.
    init?(_ text: String, schemes: [String]?) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard !scheme.isEmpty,
            schemes?.contains(scheme) ?? scheme.allSatisfy({ $0.isASCII && $0.isLetter || "+-.".contains($0) })
        else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        let rest = text[mark.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]"), !host.hasSuffix("}") {
            guard let port = Int(plainDecimal: String(host[host.index(after: colon)...])), (1...65_535).contains(port)
            else {
                return nil
            }
            host = host[..<colon]
        }
        guard !host.isEmpty, host.first != ".", host.first != ":" else { return nil }
        path = String(rest[slash...])
    }
}
