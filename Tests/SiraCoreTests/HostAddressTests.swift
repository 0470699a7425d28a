import SiraCore
import Testing

@Suite struct HostAddressTests {
    @Test(arguments: [
        "169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.43518", "::ffff:169.254.169.254", "[::ffff:a9fe:a9fe]",
        "fd00:ec2::254", "metadata.google.internal", "Metadata.Google.Internal.", "100.100.100.200",
    ])
    func `metadata services are known in every spelling`(host: String) {
        #expect(HostAddress.isMetadata(host))
    }

    @Test(arguments: ["169.254.169.253", "10.0.0.1", "metadata.example.com", "::1"])
    func `other hosts are not metadata services`(host: String) {
        #expect(!HostAddress.isMetadata(host))
    }

    @Test(arguments: [
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("1::", "1::"), ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ])
    func `IPv6 addresses have one spelling`(text: String, expected: String) {
        #expect(IPv6Address(text[...])?.description == expected)
    }

    @Test(arguments: [
        "", ":", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "1:2:3:4:5:6:7:8::",
        "::1%eth0",
        "::1.2.3", "+1::",
    ])
    func `what is no IPv6 address is refused`(text: String) {
        #expect(IPv6Address(text[...]) == nil)
    }

    @Test(arguments: ["", "1.2.3.4.5", "256.1.1.1", "1.2.3.", "a.b.c.d", "08.1.1.1", "4294967296", "1..2", "-1.2.3.4"])
    func `what is no IPv4 address is refused`(text: String) {
        #expect(IPv4Address(text) == nil)
    }
}
