import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct ProxyRuleTests {
    private func applies(_ exceptions: String, to host: String, tls: Bool = true) -> Bool {
        ProxyRule(url: "http://proxy:3128", exceptions: exceptions)?
            .applies(to: Endpoint(host: host, port: 443, usesTLS: tls)) ?? false
    }

    @Test(arguments: [
        ("http://proxy.example:3128", "proxy.example", 3_128, nil as String?),
        ("http://10.0.0.1:80/", "10.0.0.1", 80, nil), ("http://[fd00::1]:8080", "fd00::1", 8_080, nil),
        ("http://user:secret@proxy:1", "proxy", 1, "Basic dXNlcjpzZWNyZXQ="),
        ("http://a@proxy:65535", "proxy", 65_535, "Basic YQ=="),
        ("http://ab:@proxy:1", "proxy", 1, "Basic YWI6"), ("http://a:bc@proxy:1", "proxy", 1, "Basic YTpiYw=="),
    ])
    func `a proxy's URL gives its place and who we are there`(
        url: String,
        host: String,
        port: Int,
        authorization: String?
    ) {
        let rule = ProxyRule(url: url, exceptions: "")
        #expect(rule?.endpoint == Endpoint(host: host, port: port, usesTLS: false))
        #expect(rule?.authorization == authorization)
    }

    @Test(arguments: [
        "", "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://proxy", "http://proxy:", "http://:3128",
        "http://proxy:0", "http://proxy:65536", "http://proxy:http", "http://a@b@c:1",
    ])
    func `what is no proxy that can be used is no rule`(url: String) {
        #expect(ProxyRule(url: url, exceptions: "") == nil)
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
