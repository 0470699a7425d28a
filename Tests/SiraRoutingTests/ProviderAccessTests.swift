import SiraCatalog
import SiraCore
import SiraRouting
import SiraWire
import Testing

@Suite struct ProviderAccessTests {
    private func provider(_ id: String, _ change: (inout ProviderOverride) -> Void = { _ in }) throws -> Provider {
        var override = ProviderOverride(id: id)
        override.baseURL = "https://api.test/v1"
        change(&override)
        var overrides = CatalogOverrides()
        overrides.providers = [override]
        return try #require(try Catalog(providers: [], models: []).applying(overrides).provider(id))
    }

    @Test func `a key goes into the provider's header and is not shown`() throws {
        let access = try ProviderAccess(provider: try provider("p"), keys: [Secret("sk-1")])
        #expect(access.credentials.first?.name == "authorization")
        #expect(access.credentials.first?.value.reveal() == "Bearer sk-1")
        #expect(!"\(String(describing: access.credentials))".contains("sk-1"))
        let other = try provider("q") { $0.auth = .header(name: "x-api-key", prefix: "") }
        #expect(try ProviderAccess(provider: other, keys: [Secret("k")]).credentials.first?.value.reveal() == "k")
    }

    @Test func `a key is needed unless the provider does without`() throws {
        let strict = try provider("p") { $0.keyVariables = ["P_KEY"] }
        #expect(performing: { try ProviderAccess(provider: strict, keys: []) }, throws: { "\($0)".contains("P_KEY") })
        #expect(throws: GatewayError.self) { try ProviderAccess(provider: strict, keys: [Secret("")]) }
        let local = try provider("l") { $0.isKeyOptional = true }
        #expect(try ProviderAccess(provider: local, keys: []).credentials.isEmpty)
    }

    @Test func `each key has its header ready, in their order`() throws {
        let access = try ProviderAccess(provider: try provider("p"), keys: ["a", "", "b"].map { Secret($0) })
        #expect(access.credentials.map { $0.value.reveal() } == ["Bearer a", "Bearer b"])
    }

    @Test func `another base URL takes the place of the usual one`() throws {
        let access = try ProviderAccess(
            name: "mine",
            provider: try provider("p"),
            baseURL: "http://gpu:9/x",
            keys: [Secret("k")]
        )
        let deployment = Deployment(access: access, upstreamModel: "m", model: nil)
        #expect(deployment.id == "mine/m" && deployment.pathPrefix == "/x")
        #expect(deployment.endpoint == Endpoint(host: "gpu", port: 9, usesTLS: false))
    }

    @Test func `a base URL with places to fill in, or to a metadata service, is refused`() throws {
        for url in ["https://{region}.test", "http://169.254.169.254"] {
            let provider = try provider("p") { $0.baseURL = url }
            #expect(throws: GatewayError.self) { try ProviderAccess(provider: provider, keys: [Secret("k")]) }
        }
    }

    @Test func `the operator's header takes the place of the provider's`() throws {
        let provider = try provider("p") { $0.headers = HeaderFields([("x-a", "1"), ("x-b", "2")]) }
        let access = try ProviderAccess(provider: provider, keys: [Secret("k")], headers: HeaderFields([("X-A", "3")]))
        #expect(access.headers["x-a"] == "3" && access.headers["x-b"] == "2")
        #expect(access.headers.fields.count == 2)
    }
}
