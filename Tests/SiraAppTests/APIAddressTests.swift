import SiraAdmin
import SiraConfiguration
import Testing

@testable import SiraApp

@Suite struct APIAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("10.1.2.3", "10.1.2.3"), ("::1", "[::1]"),
            ("0.0.0.0", nil), ("::", nil),
        ] as [(String, String?)]
    )
    func `the host is told unless it stands for all of them`(_ bound: String, _ host: String?) {
        let address = APIAddress(ServerSettings(), ListenAddress(host: bound, port: 80))
        #expect(address.host == host)
        #expect(address.port == 80)
        #expect(!address.isEncrypted)
    }

    @Test func `what the operator says and TLS are told`() {
        var settings = ServerSettings()
        settings.publicURL = "https://sira.example.com"
        settings.tls = TLSSettings()
        let address = APIAddress(settings, ListenAddress(host: "::", port: 443))
        #expect(address.url == "https://sira.example.com")
        #expect(address.isEncrypted)
    }
}
