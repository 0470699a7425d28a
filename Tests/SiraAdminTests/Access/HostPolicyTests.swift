@testable import SiraAdmin
import SiraCore
import Testing

@Suite struct HostPolicyTests {
    func policy(host: String = "127.0.0.1", names: [String] = []) -> HostPolicy {
        var settings = AdminSettings()
        settings.host = host
        settings.names = names
        return HostPolicy(settings)
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.1:8081", "localhost", "LocalHost:80", "[::1]:8081", "[::1]"])
    func `this machine's names are always answered`(header: String) {
        #expect(policy().allows(header))
        #expect(policy(host: "10.0.0.5").allows(header))
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.5", "", ":8081", "127.0.0.1:x",
        "[::1", "[::1]x", "127.0.0.1@evil.example", "127.1", "2130706433", "localhost:80:90",
    ])
    func `others are not`(header: String) {
        #expect(!policy().allows(header))
    }

    @Test func `a request without a host is not answered`() {
        #expect(!policy().allows(nil))
    }

    @Test func `configured names are answered with any port and in any case`() {
        let policy = policy(host: "10.0.0.5", names: ["Sira.Internal"])
        #expect(policy.allows("sira.internal:8081"))
        #expect(policy.allows("10.0.0.5:8081"))
        #expect(!policy.allows("10.0.0.6"))
    }

    @Test func `listening everywhere answers to every address and to no further name`() {
        for host in ["0.0.0.0", "::", "[::]"] {
            let policy = policy(host: host)
            #expect(policy.allows("192.168.1.7:8081"))
            #expect(policy.allows("[fd00::1]:8081"))
            #expect(!policy.allows("evil.example"))
            #expect(!policy.allows("dead.beef"))
        }
    }
}
