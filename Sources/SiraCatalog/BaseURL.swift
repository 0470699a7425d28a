internal import SiraCore
package import SiraWire

/// A provider's base URL, taken apart: where to connect, and what each path begins with.
///
/// Only what a base URL may be is accepted: `http` or `https`, a host, perhaps a port, perhaps a path (RFC 3986).
/// No user name, query or fragment. Addresses of cloud metadata services are refused in every spelling.
package struct BaseURL: Hashable, Sendable {
    package let endpoint: Endpoint
    /// What comes before the protocol's own paths: empty or `/v1`, never with a slash at its end.
    package let pathPrefix: String

    /// Takes a base URL apart.
    ///
    /// - Throws: ``BaseURLError`` with what is wrong and, where there is one, the way out.
    package init(_ text: String) throws(BaseURLError) {
        try Self.check(text)
        var rest = Substring(text)
        let usesTLS: Bool
        if let after = rest.removingPrefix(caseInsensitive: "https://") {
            (rest, usesTLS) = (after, true)
        } else if let after = rest.removingPrefix(caseInsensitive: "http://") {
            (rest, usesTLS) = (after, false)
        } else {
            throw BaseURLError(text, "it must begin with https:// or http://")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (host, port) = try Self.authority(rest[..<slash], in: text)
        guard !HostAddress.isMetadata(host) else {
            throw BaseURLError(text, "this is the address of a cloud's metadata service, which hands out credentials")
        }
        var path = rest[slash...]
        while path.last == "/" { path = path.dropLast() }
        if let ending = ["/chat/completions", "/v1/messages", "/embeddings"].first(where: path.hasSuffix) {
            throw BaseURLError(text, "leave off \(ending), which Sira adds itself")
        }
        endpoint = Endpoint(host: host, port: port ?? (usesTLS ? 443 : 80), usesTLS: usesTLS)
        pathPrefix = String(path)
    }

    /// Refuses what can stand nowhere in a base URL.
    private static func check(_ text: String) throws(BaseURLError) {
        guard !text.isEmpty else { throw BaseURLError(text, "it is empty") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BaseURLError(text, "it holds a space, a control character or a letter outside ASCII")
        }
        if text.contains("?") { throw BaseURLError(text, "a query cannot be part of it") }
        if text.contains("#") { throw BaseURLError(text, "a fragment cannot be part of it") }
        if let open = text.firstIndex(of: "{") {
            let place = text[open...].prefix { $0 != "}" }
            throw BaseURLError(text, "fill in \(place)}")
        }
        if text.contains(where: { "\\\"<>^`|}".contains($0) }) {
            throw BaseURLError(text, "it holds a character that has no place in a URL")
        }
    }

    /// Host and port of `authority`; the host in lower case, addresses in their usual spelling.
    private static func authority(
        _ authority: Substring,
        in text: String
    ) throws(BaseURLError) -> (host: String, port: Int?) {
        guard !authority.contains("@") else {
            throw BaseURLError(text, "a user name or key cannot be part of it; give the key on its own")
        }
        var host = authority
        var port: Int?
        let afterBracket = authority.firstIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBracket...].lastIndex(of: ":") {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), (1...65535).contains(number), digits.utf8.allSatisfy(\.isDigit) else {
                throw BaseURLError(text, "the port must be a number from 1 to 65535")
            }
            port = number
        }
        guard !host.isEmpty else { throw BaseURLError(text, "the host is missing") }
        if host.first == "[" {
            guard host.last == "]", let address = IPv6Address(host.dropFirst().dropLast()) else {
                throw BaseURLError(text, "\(host) is not an IPv6 address")
            }
            return (address.description, port)
        }
        let name = host.lowercased()
        if let address = IPv4Address(name) { return (address.description, port) }
        guard name.isHostName else { throw BaseURLError(text, "\(host) is not a host name or an address") }
        return (name, port)
    }
}

extension BaseURL: CustomStringConvertible {
    package var description: String { "\(endpoint.usesTLS ? "https" : "http")://\(endpoint.authority)\(pathPrefix)" }
}

/// Why a text is not a base URL.
package struct BaseURLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    ///
    /// Up to 200 characters, without query and fragment, and without a user name or key if it held one.
    package let text: String
    package let reason: String

    init(_ text: String, _ reason: String) {
        self.text = String(text.withoutURLSecrets.prefix(200))
        self.reason = reason
    }

    package var description: String { "\"\(text)\" is not a base URL: \(reason)" }
}

extension String {
    /// A URL as it may be shown.
    ///
    /// What stands before an `@` may be a secret, and so may what follows a `?` or `#`. Where an `@` follows one of
    /// these, it cannot be told what a user name is and what a query, and nothing is left but a remark.
    fileprivate var withoutURLSecrets: Substring {
        let shown = prefix { $0 != "?" && $0 != "#" }
        guard shown.endIndex == endIndex || !contains("@") else { return "(a URL with a user name or key)" }
        return shown.lastIndex(of: "@").map { shown[shown.index(after: $0)...] } ?? shown
    }
}

extension Substring {
    /// What follows `prefix`, whose letters count the same in both cases; nil when it does not begin so.
    fileprivate func removingPrefix(caseInsensitive prefix: String) -> Substring? {
        self.prefix(prefix.count).lowercased() == prefix ? dropFirst(prefix.count) : nil
    }
}

extension String {
    /// Whether this is a DNS name in lower case: labels of letters, digits, hyphens and underscores (which services
    /// in containers use), at most 63 bytes each and 253 in all.
    fileprivate var isHostName: Bool {
        let labels = (hasSuffix(".") ? dropLast() : self[...]).split(separator: ".", omittingEmptySubsequences: false)
        return utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { $0.isDigit || $0.isLowercaseLetter || $0 == 0x2D || $0 == 0x5F }
            }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
