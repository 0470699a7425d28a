/// Judgements on a host as it is written, before any name is looked up.
package enum HostAddress {
    /// Whether the host is this machine, a private network, or a name that only means something inside one.
    ///
    /// True for loopback, unspecified, link-local, private (RFC 1918), shared (RFC 6598), unique-local (RFC 4193),
    /// benchmarking, multicast and reserved addresses, IPv6 forms that carry such an IPv4 address, and for names
    /// without a dot or under `localhost`, `local`, `internal`, `lan`, `home.arpa`. A public name may still lead to a
    /// private address: whoever connects has to look at the address that it got.
    package static func isInternal(_ host: String) -> Bool {
        let name = canonical(host)
        if let address = IPv4Address(name) { return address.isInternal }
        if let address = IPv6Address(name[...]) { return address.isInternal }
        guard name.contains(".") else { return true }
        return [".localhost", ".local", ".internal", ".lan", ".home.arpa"].contains(where: name.hasSuffix)
    }

    /// Whether the host is a metadata service, through which a cloud hands credentials to its machines.
    ///
    /// Nobody's model is there, so it is refused even where internal hosts are allowed.
    package static func isMetadata(_ host: String) -> Bool {
        let name = canonical(host)
        if let address = IPv4Address(name) { return address.isMetadata }
        if let address = IPv6Address(name[...]) {
            if let inner = address.embedded { return inner.isMetadata }
            return address.groups == [0xFD00, 0x0EC2, 0, 0, 0, 0, 0, 0x0254]  // Amazon's, on IPv6
                || address.groups == [0xFD20, 0x0CE, 0, 0, 0, 0, 0, 0x0254]  // Google's, on IPv6
        }
        return ["metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal"].contains(name)
    }

    /// Lower case, without the brackets of IPv6 and the dot that ends an absolute name.
    private static func canonical(_ host: String) -> String {
        var name = Substring(host.lowercased())
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }
}
