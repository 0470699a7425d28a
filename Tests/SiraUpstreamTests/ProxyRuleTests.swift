import SiraUpstream
import SiraWire
import Testing

@Suite struct ProxyRuleTests {
    private func rule(_ exceptions: String = "") throws -> ProxyRule {
        try #require(ProxyRule(url: "http://proxy:3128", exceptions: exceptions))
    }

    private func https(_ host: String) -> Endpoint { Endpoint(host: host, port: 443, usesTLS: true) }

    @Test func `the environment's proxy is for connections under TLS`() throws {
        #expect(try rule().applies(to: https("api.example.com")))
        #expect(try !rule().applies(to: Endpoint(host: "api.example.com", port: 80, usesTLS: false)))
    }

    @Test func `exceptions are hosts, their subdomains, or all`() throws {
        let some = try rule("localhost, .Example.com,api.test")
        for host in ["localhost", "example.com", "a.example.com", "API.test", "eu.api.test"] {
            #expect(!some.applies(to: https(host)), "\(host)")
        }
        for host in ["example.org", "notexample.com", "test"] {
            #expect(some.applies(to: https(host)), "\(host)")
        }
        #expect(try !rule("*").applies(to: https("example.org")))
    }
}
