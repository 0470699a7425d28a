extension Kind where Value == String {
    /// The name of a client's header field that providers may see, kept in lower case; a `*` at its end stands for any
    /// ending.
    static var forwardedHeader: Kind {
        let shape = ScalarShape(label: "header name", forms: [.text(pattern: "^[!#$%&'+.^_`|~0-9A-Za-z-]+\\*?$")])
        return .scalar(shape, write: { $0.asYAML }) { text throws(Refusal) in
            guard text.isHeaderName else { throw Refusal("cannot be the name of a header field") }
            guard !text.dropLast().contains("*") else { throw Refusal("has a * before its end") }
            let name = text.lowercased()
            guard name.hasSuffix("*") else {
                if let reserved = ReservedHeader.all.first(where: { $0.is(name) }) { throw Refusal(reserved.reason) }
                return name
            }
            let stem = String(name.dropLast())
            if let reserved = ReservedHeader.all.first(where: { $0.mayBegin(with: stem) }) {
                throw Refusal("stands for \(reserved.name) too, which \(reserved.reason)")
            }
            return name
        }
    }
}

/// A header field that is never passed on from a client to a provider.
private struct ReservedHeader {
    /// In lower case; a `*` at its end stands for any ending.
    let name: String
    /// Why, as the end of a sentence that begins with the name.
    let reason: String

    func `is`(_ other: String) -> Bool {
        name.hasSuffix("*") ? other.hasPrefix(name.dropLast()) : other == name
    }

    /// Whether a name that begins with `stem` can be this one.
    func mayBegin(with stem: String) -> Bool {
        name.hasPrefix(stem) || name.hasSuffix("*") && stem.hasPrefix(name.dropLast())
    }

    static let all: [ReservedHeader] = {
        let groups = [
            (
                "may hold a client's credential, which providers must not see",
                ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "proxy-authorization"]
            ),
            (
                // RFC 9110, section 7.6.1, and RFC 9113, section 8.2.2.
                "belongs to the client's connection and cannot be passed on",
                [
                    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer",
                    "upgrade", "proxy-connection", "proxy-authenticate", "http2-settings", "expect",
                ]
            ),
            (
                "is written by Sira itself and cannot be passed on",
                ["content-type", "content-encoding", "accept-encoding", "user-agent"]
            ),
            ("is meant for Sira and cannot be passed on", ["x-sira-*"]),
        ]
        return groups.flatMap { reason, names in names.map { ReservedHeader(name: $0, reason: reason) } }
    }()
}
