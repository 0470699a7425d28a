import NIOCore
import NIOPosix
import NIOSSL
import SiraWire
import Testing

@testable import SiraUpstream

@Suite struct RouteTests {
    private func route(_ host: String, _ proxy: String? = nil) -> Route {
        Route(
            UpstreamRequest(
                endpoint: Endpoint(host: host, port: 443, usesTLS: true),
                method: "POST",
                path: "/",
                headers: HeaderFields(),
                body: ByteBuffer(),
                timeouts: UpstreamTimeouts(),
                proxy: proxy.flatMap { ProxyAddress(url: $0) }
            )
        )
    }

    @Test func `ways to one endpoint differ by the proxy and by who asks it`() {
        let ways = [nil, "http://one:1", "http://one:2", "http://two:1", "http://a@one:1", "http://b@one:1"]
        #expect(Set(ways.map { route("api.test", $0) }).count == ways.count)
        #expect(route("api.test", "http://a@one:1") == route("api.test", "http://a@one:1"))
        #expect(route("api.test", "http://one:1") != route("other.test", "http://one:1"))
    }

    @Test func `a request's own proxy goes before the environment's and its exceptions`() throws {
        let connector = Connector(
            loop: MultiThreadedEventLoopGroup.singleton.next(),
            tls: try NIOSSLContext(configuration: .makeClientConfiguration()),
            rule: ProxyRule(url: "http://usual:3128", exceptions: "internal.test")
        )
        #expect(connector.proxy(for: route("api.test"))?.endpoint.host == "usual")
        #expect(connector.proxy(for: route("internal.test")) == nil)
        #expect(connector.proxy(for: route("api.test", "http://own:1"))?.endpoint.host == "own")
        #expect(connector.proxy(for: route("internal.test", "http://own:1"))?.endpoint.host == "own")
    }
}
