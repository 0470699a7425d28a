import SiraTenancy
import SiraTesting
import Testing

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
        ("10.0.0.0/9", "10.127.255.255", "10.128.0.0"),
        ("0.0.0.0/0", "255.1.2.3", "::1"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
        ("2001:db8::8000/113", "2001:db8::ffff", "2001:db8::7fff"),
        ("::1", "0:0:0:0:0:0:0:1", "::2"),
        ("::/0", "fe80::1%eth0", "10.0.0.1"),
        ("::ffff:10.0.0.0/8", "10.200.0.1", "11.0.0.0"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:9"),
    ])
    func `a range has the addresses that begin like it`(text: String, inside: String, outside: String) throws {
        let range = try #require(AddressRange(text))
        #expect(range.contains(inside))
        #expect(!range.contains(outside))
        #expect(range.description == text)
    }

    @Test func `an address of IPv4 that is written as IPv6 is what it stands for`() throws {
        let range = try #require(AddressRange("192.0.2.0/24"))
        #expect(range.contains("::ffff:192.0.2.9"))
        #expect(range.contains("::ffff:c000:209"))
        #expect(!range.contains("::192.0.2.9"))
    }

    @Test(arguments: [
        "", "/", "/8", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1",
        "1.2.3.4/+8",
        "1.2.3.4/8/8", "a.b.c.d", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
        "::1/129", "+1::", "1:2:3:4:5:6:7::8", "::1.2.3", "localhost", "1.2.3.4 ",
    ])
    func `what is no address is no range`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `garbage is neither a range nor in one`() throws {
        let alphabet = Array("0123456789abcdef:./%- ")
        let all = [try #require(AddressRange("0.0.0.0/0")), try #require(AddressRange("::/0"))]
        var random = SeededRandom(seed: 11)
        for _ in 0..<4_000 {
            let text = String(
                (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            )
            // Whatever is taken for an address is in the range of all of its kind, and is a range itself.
            let isAddress = all.contains { $0.contains(text) }
            if isAddress, !text.contains("%") { #expect(AddressRange(text)?.contains(text) == true, "\(text)") }
            if !isAddress { #expect(AddressRange(text) == nil || text.contains("/"), "\(text)") }
        }
    }
}
