import Testing

@testable import SiraPipeline

@Suite struct ProviderPathTests {
    @Test(arguments: [
        ("/v1", "/v1/files", "/v1/files"), ("/v1", "/files", "/v1/files"), ("", "/v1/files", "/v1/files"),
        ("/openai/v1", "/v1/models", "/openai/v1/models"), ("/openai/v1", "/openai/v1/models", "/openai/v1/models"),
        ("/v1", "/v2/chat", "/v2/chat"), ("/tenant/v1", "/v2/chat", "/tenant/v2/chat"),
        ("/v1beta", "/v1/models", "/v1/models"),
        ("/v1", "/v1beta1/x", "/v1beta1/x"), ("/v1", "/v1x/y", "/v1/v1x/y"), ("/v1", "/v1", "/v1"),
        ("/tenant", "/other/x", "/tenant/other/x"), ("/tenant/v1", "/other/v1", "/tenant/v1/other/v1"),
    ])
    func `base and path say once what both say`(base: String, path: String, joined: String) {
        let passage = Passage(provider: "a", path: path, query: "")
        #expect(ProviderPath.joined(base, passage) == joined)
        #expect(ProviderPath.joined(base, Passage(provider: "a", path: path, query: "a=b")) == joined + "?a=b")
    }
}
