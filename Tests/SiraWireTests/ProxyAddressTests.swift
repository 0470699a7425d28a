import SiraCore
import SiraWire
import Testing

@Suite struct ProxyAddressTests {
    @Test(
        arguments: [
            ("http://proxy.example.com:3128", "proxy.example.com", 3_128, nil),
            ("HTTP://proxy:3128/", "proxy", 3_128, nil),
            ("http://proxy", "proxy", 80, nil),
            ("http://[::1]:8080", "::1", 8_080, nil),
            ("http://[::1]", "::1", 80, nil),
            ("http://user:secret@proxy:1", "proxy", 1, "Basic dXNlcjpzZWNyZXQ="),
            ("http://user@proxy:1", "proxy", 1, "Basic dXNlcg=="),
            // A user "a@b" with the password "c:/d".
            ("http://a%40b:c%3A%2fd@proxy:1", "proxy", 1, "Basic YUBiOmM6L2Q="),
            ("http://a@b:c@proxy:1", "proxy", 1, "Basic YUBiOmM="),
        ] as [(String, String, Int, String?)]
    )
    func `a proxy's URL is read`(_ url: String, _ host: String, _ port: Int, _ authorization: String?) throws {
        let address = try #require(ProxyAddress(url: url))
        #expect(address.endpoint == Endpoint(host: host, port: port, usesTLS: false))
        #expect(address.authorization?.reveal() == authorization)
    }

    @Test(arguments: [
        "", "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://", "http://:3128", "http://proxy:",
        "http://proxy:0", "http://proxy:65536", "http://proxy:+1", "http://proxy:3128/path", "http://proxy:1?q",
        "http://::1:3128", "http://[proxy]:1", "http://user:%4@proxy:1", "http://user:%+1@proxy:1", "http://user@",
        "http://pro xy:1", "http://proxy:1\r\nx: y",
    ])
    func `what is not the URL of a proxy that can be used is refused`(_ url: String) {
        #expect(ProxyAddress(url: url) == nil)
    }

    @Test func `the password is not shown`() throws {
        let address = try #require(ProxyAddress(url: "http://user:secret@proxy:1"))
        var output = ""
        dump(address, to: &output)
        #expect(!output.contains("secret") && !output.contains("dXNlcjpzZWNyZXQ"))
    }
}
