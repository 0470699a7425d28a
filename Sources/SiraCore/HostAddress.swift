/// Judgements on a host as it is written, before any name is looked up.
package enum HostAddress {
    /// Whether the host is a metadata service, through which a cloud hands credentials to its machines.
    ///
    /// Nobody's model is there.
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
