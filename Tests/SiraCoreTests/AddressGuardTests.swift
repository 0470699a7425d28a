import SiraCore
import Testing

@Suite struct AddressGuardTests {
    private let strict = AddressGuard()

    @Test(arguments: [
        "https://example.com/hook", "https://EXAMPLE.com:8443/a?b=c", "https://93.184.216.34/", "https://example.com",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/x", "https://a.b-c.example.", "https://xn--bcher-kva.example/",
        "https://3com.example/",
    ])
    func `public names and addresses are let pass`(url: String) throws {
        #expect(throws: Never.self) { try strict.target(of: url) }
    }

    @Test(arguments: [
        "https://127.0.0.1/", "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://localhost/",
        "https://LOCALHOST./", "https://api.localhost/",
    ])
    func `this machine is refused in every spelling`(url: String) {
        expectRefusal(of: url, .loopback)
    }

    @Test(arguments: [
        ("https://10.1.2.3/", AddressReach.ownNetwork), ("https://172.31.255.255/", .ownNetwork),
        ("https://192.168.0.1/", .ownNetwork), ("https://[fd12:3456::1]/", .ownNetwork),
        ("https://[fec0::1]/", .ownNetwork), ("https://[::ffff:10.0.0.1]/", .ownNetwork),
        ("https://[64:ff9b::a00:1]/", .ownNetwork), ("https://[2002:a00:1::]/", .ownNetwork),
        ("https://169.254.1.1/", .linkLocal), ("https://[fe80::1]/", .linkLocal),
        ("https://100.64.0.1/", .carrier), ("https://100.127.255.255/", .carrier),
        ("https://224.0.0.1/", .multicast), ("https://[ff02::1]/", .multicast),
        ("https://0.0.0.0/", .reserved), ("https://0/", .reserved), ("https://[::]/", .reserved),
        ("https://255.255.255.255/", .reserved), ("https://198.18.0.1/", .reserved),
        ("https://[2001:db8::1]/", .reserved), ("https://[2001::1]/", .reserved),
        ("https://[64:ff9b:1::1]/", .reserved),
        ("https://169.254.169.254/latest/meta-data", .metadata), ("https://0xA9FEA9FE/", .metadata),
        ("https://[fd00:ec2::254]/", .metadata), ("https://metadata.google.internal/", .metadata),
        ("https://100.100.100.200/", .metadata), ("https://[::ffff:a9fe:a9fe]/", .metadata),
    ])
    func `addresses that the public cannot reach are refused`(url: String, reach: AddressReach) {
        expectRefusal(of: url, reach)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///x",
        "https://exa mple.com/",
        "https://example.com\\@10.0.0.1/", "https://example.com:0/", "https://example.com:65536/",
        "https://example.com:+80/", "https://[::1", "https://[fe80::1%25eth0]/", "https://1.2.3.4.5/",
        "https://256.1.1.1/", "https://4294967296/", "https://0x1ffffffff/", "https://%31%32%37.0.0.1/",
        "https://example.com/#x", "https://bücher.example/", "https://-a.example/", "https://a..b/",
        "https://１２７.0.0.1/",
    ])
    func `what is not a proper URL is refused`(url: String) {
        #expect { try strict.target(of: url) } throws: {
            if case .malformed = $0 as? AddressRefusal { true } else { false }
        }
    }

    @Test func `credentials in the URL are refused and not repeated`() throws {
        let refusal = try #require(throws: AddressRefusal.self) { try strict.target(of: "https://u:pw@example.com/") }
        #expect(refusal == .credentials)
        #expect(!refusal.description.contains("pw"))
    }

    @Test func `without TLS only this machine may be asked, and only where that is allowed`() throws {
        #expect(throws: AddressRefusal.notEncrypted) { try strict.target(of: "http://example.com/") }
        let lenient = AddressGuard(allowsLoopback: true)
        #expect(throws: AddressRefusal.notEncrypted) { try lenient.target(of: "http://example.com/") }
        let target = try lenient.target(of: "http://127.0.0.1:9000/hook?key=1")
        #expect(target.host == "127.0.0.1" && target.port == 9_000 && !target.usesTLS && target.isAddress)
        #expect(target.path.reveal() == "/hook?key=1")
        #expect(throws: AddressRefusal.self) { try lenient.target(of: "https://10.0.0.1/") }
    }

    @Test func `an operator's own network never includes a metadata service`() {
        let lenient = AddressGuard(allowsOwnNetwork: true)
        #expect(throws: Never.self) { try lenient.target(of: "https://10.0.0.1/") }
        #expect(throws: AddressRefusal.self) { try lenient.target(of: "https://[fd00:ec2::254]/") }
        #expect(throws: AddressRefusal.self) { try lenient.target(of: "https://169.254.169.254/") }
        #expect(throws: AddressRefusal.notEncrypted) { try lenient.target(of: "http://10.0.0.1/") }
    }

    @Test func `where the public is not asked only addresses of one's own are`() {
        let own = AddressGuard(allowsLoopback: true, allowsOwnNetwork: true, allowsPublic: false)
        #expect(throws: Never.self) { try own.check(["10.0.0.1", "127.0.0.1"]) }
        #expect(throws: AddressRefusal.notEncrypted) { try own.check(["10.0.0.1", "93.184.216.34"]) }
        #expect(throws: AddressRefusal.notEncrypted) { try own.target(of: "https://93.184.216.34/") }
        #expect(throws: AddressRefusal.self) { try own.check(["169.254.169.254"]) }
    }

    @Test func `one bad address among those of a name is enough to refuse it`() {
        #expect(throws: Never.self) { try strict.check(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]) }
        #expect(throws: AddressRefusal.unreachable(host: "10.0.0.1", .ownNetwork)) {
            try strict.check(["93.184.216.34", "10.0.0.1"])
        }
        #expect(throws: AddressRefusal.unreachable(host: "::ffff:7f00:1", .loopback)) {
            try strict.check(["::ffff:127.0.0.1"])
        }
        #expect(throws: AddressRefusal.unresolved) { try strict.check([]) }
        #expect(throws: AddressRefusal.self) { try strict.check(["fe80::1%eth0"]) }
    }

    @Test func `a target tells host, port and path apart, and hides the path`() throws {
        let target = try strict.target(of: "https://hooks.example.com?token=abc")
        #expect(target.host == "hooks.example.com" && target.port == 443 && target.usesTLS && !target.isAddress)
        #expect(target.path.reveal() == "/?token=abc")
        #expect(!"\(target)".contains("abc"))
    }

    private func expectRefusal(of url: String, _ reach: AddressReach) {
        #expect { try strict.target(of: url) } throws: {
            if case .unreachable(_, reach) = $0 as? AddressRefusal { true } else { false }
        }
    }
}
