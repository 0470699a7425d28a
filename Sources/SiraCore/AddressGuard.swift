/// Decides whether the gateway may ask a URL that somebody typed in.
///
/// Such a URL must not make the gateway a way into places that its author cannot reach: the machine itself, the
/// operator's own network, a cloud's metadata service. The URL as it is written is judged by ``target(of:)``; a name
/// says nothing of where it leads, so the addresses that it was resolved to are judged by ``check(_:)`` as well, and the
/// connection must go to one of those and not resolve the name again.
package struct AddressGuard: Hashable, Sendable {
    /// Whether this machine may be asked, and without TLS.
    package var allowsLoopback: Bool
    /// Whether the operator's own network may be asked.
    ///
    /// Only over TLS, and never a metadata service.
    package var allowsOwnNetwork: Bool

    /// Whether all others may be asked; not where there is no TLS although none of one's own needs it.
    package var allowsPublic: Bool

    package init(allowsLoopback: Bool = false, allowsOwnNetwork: Bool = false, allowsPublic: Bool = true) {
        self.allowsLoopback = allowsLoopback
        self.allowsOwnNetwork = allowsOwnNetwork
        self.allowsPublic = allowsPublic
    }

    /// Where a URL leads, taken apart.
    package struct Target: Hashable, Sendable {
        /// A name in lower case, or an address in its usual spelling and without brackets.
        package let host: String
        package let port: Int
        package let usesTLS: Bool
        /// Path and query, beginning with a slash; may hold a secret.
        package let path: Secret
        /// Whether the host is an address, so that there is nothing to resolve.
        package let isAddress: Bool
    }

    /// Takes the URL apart and judges what can be judged before its name is resolved.
    ///
    /// - Throws: ``AddressRefusal``, in which nothing of the URL is told but its host.
    package func target(of url: String) throws(AddressRefusal) -> Target {
        guard url.utf8.count <= 2_048 else { throw .malformed("it is longer than 2,048 bytes") }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
            throw .malformed("it holds a space, a backslash, a control character or a letter outside ASCII")
        }
        guard let end = url.range(of: "://"), !url.contains("#") else {
            throw .malformed("it must begin with https:// and have no fragment")
        }
        let scheme = url[..<end.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw .malformed("it must begin with https://") }
        let rest = url[end.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .credentials }
        let (host, port) = try Self.parts(of: authority)
        let (name, reach) = try Self.judged(host)
        if let reach { try check(reach, of: name) }
        let usesTLS = scheme == "https"
        guard usesTLS || (allowsLoopback && HostHeader.isLoopback(name)) else { throw .notEncrypted }
        let path = rest[authority.endIndex...]
        return Target(
            host: name,
            port: port ?? (usesTLS ? 443 : 80),
            usesTLS: usesTLS,
            path: Secret(path.hasPrefix("/") ? String(path) : "/" + path),
            isAddress: HostHeader.isAddress(name)
        )
    }

    /// Judges the addresses that a name was resolved to, in digits.
    ///
    /// All must be fit, since which of them a connection takes is a matter of chance.
    package func check(_ addresses: [String]) throws(AddressRefusal) {
        guard !addresses.isEmpty else { throw .unresolved }
        for text in addresses {
            if let address = IPv4Address(text) {
                try check(address.reach, of: address.description)
            } else if let address = IPv6Address(text[...]) {
                try check(address.reach, of: address.description)
            } else {
                throw .malformed("its name was resolved to something that is no address")
            }
        }
    }

    private func check(_ reach: AddressReach, of host: String) throws(AddressRefusal) {
        switch reach {
        case .global:
            guard allowsPublic else { throw .notEncrypted }
        case .loopback where allowsLoopback: return
        case .ownNetwork where allowsOwnNetwork: return
        default: throw .unreachable(host: host, reach)
        }
    }

    /// The host, in brackets if it is so written, and the port.
    private static func parts(of authority: Substring) throws(AddressRefusal) -> (Substring, Int?) {
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[afterBracket...].firstIndex(of: ":") else { return (authority, nil) }
        let digits = authority[authority.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw .malformed("the port must be a number from 1 to 65535") }
        return (authority[..<colon], port)
    }

    /// The host as connections know it, and from where it can be reached if its spelling tells.
    private static func judged(_ host: Substring) throws(AddressRefusal) -> (String, AddressReach?) {
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), let address = IPv6Address(host.dropFirst().dropLast()) else {
                throw .malformed("what stands in brackets is not an IPv6 address")
            }
            return (address.description, address.reach)
        }
        let name = host.lowercased()
        if let address = IPv4Address(name) { return (address.description, address.reach) }
        guard isHostName(name) else { throw .malformed("its host is neither a name nor an address") }
        let bare = name.hasSuffix(".") ? name.dropLast() : name[...]
        if HostAddress.isMetadata(name) { return (String(bare), .metadata) }
        return (String(bare), bare == "localhost" || bare.hasSuffix(".localhost") ? .loopback : nil)
    }

    /// Whether `name` is a DNS name in lower case whose last label cannot be taken for a number (RFC 1123, section 2.1).
    private static func isHostName(_ name: String) -> Bool {
        let labels = (name.hasSuffix(".") ? name.dropLast() : name[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, let last = labels.last, let first = last.utf8.first else { return false }
        guard !(0x30...0x39).contains(first) || last.utf8.contains(where: { (0x67...0x7A).contains($0) && $0 != 0x78 })
        else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
                }
        }
    }
}

/// Why a URL is not asked.
///
/// Tells nothing of the URL but its host, since the rest may be a secret.
package enum AddressRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    /// The URL holds a user name or a password.
    case credentials
    /// The URL does not begin with `https`.
    case notEncrypted
    /// The name has no address.
    case unresolved
    /// The address is one that only others than the public can reach.
    case unreachable(host: String, AddressReach)

    package var description: String {
        switch self {
        case .malformed(let reason): "the URL cannot be used: \(reason)"
        case .credentials: "the URL holds a user name or password, which must be given apart"
        case .notEncrypted: "the URL must begin with https://"
        case .unresolved: "the URL's host has no address"
        case .unreachable(let host, let reach): "\(host) is not asked: it is \(reach.phrase)"
        }
    }
}

extension AddressReach {
    fileprivate var phrase: String {
        switch self {
        case .global: "a public address"
        case .loopback: "this machine"
        case .ownNetwork: "an address of a private network"
        case .linkLocal: "an address of the local link"
        case .carrier: "an address inside a carrier's network"
        case .multicast: "an address of a group of machines"
        case .metadata: "a cloud's metadata service"
        case .reserved: "an address that is reserved"
        }
    }
}

extension String {
    /// Where `part` first stands, without Foundation.
    fileprivate func range(of part: String) -> Range<String.Index>? {
        guard let start = indices.first(where: { self[$0...].hasPrefix(part) }) else { return nil }
        return start..<index(start, offsetBy: part.count)
    }
}
