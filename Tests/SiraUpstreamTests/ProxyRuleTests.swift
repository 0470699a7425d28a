import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct ProxyRuleTests {
    private func applies(_ exceptions: String, to host: String, tls: Bool = true) -> Bool {
        ProxyRule(url: "http://proxy:3128", exceptions: exceptions)?
            .applies(to: Endpoint(host: host, port: 443, usesTLS: tls)) ?? false
    }

    @Test(arguments: [
        ("", "api.test", true), ("*", "api.test", false), ("api.test", "api.test", false),
        ("API.Test", "api.TEST", false),
        ("test", "api.test", false), (".api.test", "eu.api.test", false), (".api.test", "api.test", false),
        ("api.test", "myapi.test", true), ("api.test", "api.test.example", true), ("eu.api.test", "api.test", true),
        (" a.test , api.test ,", "api.test", false), ("a.test,b.test", "c.test", true), (",,", "api.test", true),
        ("10.0.0.1", "10.0.0.1", false), ("0.0.1", "10.0.0.1", false), ("10.0.0.1", "10.0.0.11", true),
    ])
    func `hosts on the list of exceptions, and what is below them, are reached directly`(
        exceptions: String,
        host: String,
        expected: Bool
    ) {
        #expect(applies(exceptions, to: host) == expected)
    }

    @Test func `what is in the clear does not go through a tunnel`() {
        #expect(!applies("", to: "localhost", tls: false))
    }
}
