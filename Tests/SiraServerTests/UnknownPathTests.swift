import SiraCore
import Testing

@testable import SiraServer

@Suite struct UnknownPathTests {
    private static let near: [(String, String)] = [
        ("/v1/chat/completion", "POST /v1/chat/completions"), ("/chat/completions", "POST /v1/chat/completions"),
        ("/v1/v1/chat/completions", "POST /v1/chat/completions"), ("/v1/chat", "POST /v1/chat/completions"),
        ("/v1/Models", "GET /v1/models"), ("/v1/embedding", "POST /v1/embeddings"), ("/v1/file", "POST /v1/files"),
        ("/messages", "POST /v1/messages"), ("/health", "GET /health/live"), ("/v1/batch", "POST /v1/batches"),
    ]

    @Test(arguments: near)
    func `a path that is near is named, and no other`(path: String, meant: String) {
        let message = UnknownPath.error("POST", path).message
        #expect(message.hasSuffix(" Did you mean \(meant)?"), "\(message)")
    }

    @Test(arguments: ["/", "/v1", "/v1/threads", "/nowhere", "/v2/embed", "/v1/vector_stores", "/upload/v1beta/files"])
    func `far from all paths all are named`(path: String) {
        let message = UnknownPath.error("GET", path).message
        #expect(message.contains("/v2/rerank") && message.contains("/v1/realtime"), "\(message)")
    }

    @Test(arguments: ["/v1/messages/batches", "/v1/messages/batches/b/results"])
    func `where Anthropic's batches are is said`(path: String) {
        let message = UnknownPath.error("POST", path).message
        #expect(
            message.contains("/providers/anthropic/v1/messages/batches") && message.contains("server.account_paths")
        )
    }
}
