/// From where an address of the network can be reached, as far as the registries of special addresses tell (RFC 6890).
package enum AddressReach: String, Hashable, Sendable, CaseIterable {
    /// From everywhere.
    case global
    /// From the same machine.
    case loopback
    /// From an organisation's own network: RFC 1918, RFC 4193, and the site-local addresses that came before.
    case ownNetwork
    /// From the same wire: RFC 3927, RFC 4291.
    case linkLocal
    /// From inside a carrier's network: RFC 6598.
    case carrier
    /// A group of machines rather than one.
    case multicast
    /// A cloud's metadata service, which hands credentials to its machines.
    case metadata
    /// From nowhere: for documentation, benchmarks, the future, or "this network".
    case reserved
}

extension IPv4Address {
    /// From where it can be reached.
    package var reach: AddressReach {
        if isMetadata { return .metadata }
        return Self.special.first { value & $0.mask == $0.prefix }?.reach ?? .global
    }

    // https://www.iana.org/assignments/iana-ipv4-special-registry
    private static let special: [(prefix: UInt32, mask: UInt32, reach: AddressReach)] = [
        (0x0000_0000, 0xFF00_0000, .reserved),  // 0.0.0.0/8: this network, and on many systems this machine
        (0x0A00_0000, 0xFF00_0000, .ownNetwork),  // 10.0.0.0/8
        (0x6440_0000, 0xFFC0_0000, .carrier),  // 100.64.0.0/10
        (0x7F00_0000, 0xFF00_0000, .loopback),  // 127.0.0.0/8
        (0xA9FE_0000, 0xFFFF_0000, .linkLocal),  // 169.254.0.0/16
        (0xAC10_0000, 0xFFF0_0000, .ownNetwork),  // 172.16.0.0/12
        (0xC000_0000, 0xFFFF_FF00, .reserved),  // 192.0.0.0/24
        (0xC000_0200, 0xFFFF_FF00, .reserved),  // 192.0.2.0/24
        (0xC058_6300, 0xFFFF_FF00, .reserved),  // 192.88.99.0/24: relays of 6to4
        (0xC0A8_0000, 0xFFFF_0000, .ownNetwork),  // 192.168.0.0/16
        (0xC612_0000, 0xFFFE_0000, .reserved),  // 198.18.0.0/15
        (0xC633_6400, 0xFFFF_FF00, .reserved),  // 198.51.100.0/24
        (0xCB00_7100, 0xFFFF_FF00, .reserved),  // 203.0.113.0/24
        (0xE000_0000, 0xF000_0000, .multicast),  // 224.0.0.0/4
        (0xF000_0000, 0xF000_0000, .reserved),  // 240.0.0.0/4, and broadcast
    ]
}

extension IPv6Address {
    /// From where it can be reached; one with an IPv4 address inside is as far away as that one.
    package var reach: AddressReach {
        if HostAddress.isMetadata(description) { return .metadata }
        if groups == [0, 0, 0, 0, 0, 0, 0, 1] { return .loopback }
        if groups.allSatisfy({ $0 == 0 }) { return .reserved }
        if let embedded { return embedded.reach }
        switch groups[0] {
        case 0xFC00...0xFDFF, 0xFEC0...0xFEFF: return .ownNetwork
        case 0xFE80...0xFEBF: return .linkLocal
        case 0xFF00...0xFFFF: return .multicast
        case 0x2001 where groups[1] < 0x0200 || groups[1] == 0x0DB8: return .reserved  // Teredo, ORCHID, documentation
        case 0x3FFF where groups[1] < 0x1000: return .reserved  // documentation
        case 0x2000...0x3FFF: return .global
        default: return .reserved  // outside 2000::/3 nothing is global
        }
    }
}
