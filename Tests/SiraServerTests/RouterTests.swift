import SiraCore
import SiraPipeline
import SiraStorage
import SiraWire
import Testing

@testable import SiraServer

@Suite struct RouterTests {
    private static let paths: [(String, Route)] = [
        ("/v1/chat/completions", .proxied(.chat)), ("/v1/completions", .proxied(.completion)),
        ("/v1/embeddings", .proxied(.embedding)), ("/v1/messages", .proxied(.messages)),
        ("/v1/messages/count_tokens", .proxied(.countTokens)), ("/v1/models", .models(ModelQuery())),
        ("/v1/models/small", .models(ModelQuery(name: "small"))),
        ("/v1/models/alpha/small", .models(ModelQuery(name: "alpha/small"))),
        ("/v1/models/alpha%2Fsm%61ll", .models(ModelQuery(name: "alpha/small"))),
        ("/v1/models/50%", .models(ModelQuery(name: "50%"))),
        ("/v1/models/a%2", .models(ModelQuery(name: "a%2"))), ("/v1/models/%zz", .models(ModelQuery(name: "%zz"))),
        ("/v1/requests/req_1", .request("req_1")), ("/health/live", .live), ("/health/ready", .ready),
        ("/v1/responses", .proxied(.response)), ("/v1/moderations", .proxied(.moderation)),
        ("/v1/rerank", .proxied(.rerank)), ("/v2/rerank", .proxied(.rerank)),
        ("/v1/images/generations", .proxied(.imageGeneration)), ("/v1/images/edits", .proxied(.imageEdit)),
        ("/v1/images/variations", .proxied(.imageVariation)), ("/v1/audio/speech", .proxied(.speech)),
        ("/v1/audio/transcriptions", .proxied(.transcription)), ("/v1/audio/translations", .proxied(.translation)),
        ("/v1beta/models", .models(ModelQuery(shape: .gemini))),
        ("/v1beta/models/alpha/small", .models(ModelQuery(name: "alpha/small", shape: .gemini))),
        ("/v1beta/models/small:generateContent", .proxied(.generate, PathFacts(model: "small"))),
        ("/v1/models/a%2Fb:c:countTokens", .proxied(.geminiCountTokens, PathFacts(model: "a/b:c"))),
        (
            "/v1beta/models/alpha/small:streamGenerateContent?alt=sse",
            .proxied(.generate, PathFacts(model: "alpha/small", isStream: true))
        ),
        (
            "/v1beta/models/small:streamGenerateContent",
            .proxied(.generate, PathFacts(model: "small", isStream: true, isArray: true))
        ),
        (
            "/v1beta/models/small:streamGenerateContent?key=a&alt=sse",
            .proxied(.generate, PathFacts(model: "small", isStream: true))
        ),
        ("/v2/chat", .proxied(.cohereChat)),
        (
            "/model/us.amazon.nova-micro-v1%3A0/converse",
            .proxied(.converse, PathFacts(model: "us.amazon.nova-micro-v1:0"))
        ),
        ("/model/a%2Fb/converse-stream", .proxied(.converse, PathFacts(model: "a/b", isStream: true))),
        ("/model/a/b/converse", .proxied(.converse, PathFacts(model: "a/b"))),
        ("/v1beta/models/e:embedContent", .proxied(.embedContent, PathFacts(model: "e"))),
        ("/v1beta/models/e:batchEmbedContents", .proxied(.batchEmbedContents, PathFacts(model: "e"))),
        ("/v1/models/e:none", .models(ModelQuery(name: "e:none"))), ("/openai/v1/responses", .proxied(.response)),
        ("/openai/v1/models", .models(ModelQuery())), ("/openai/responses?api-version=1", .proxied(.response)),
        (
            "/openai/deployments/my%20one/chat/completions?api-version=2024-10-21",
            .proxied(.chat, PathFacts(model: "my one"))
        ),
        ("/openai/deployments/d/audio/speech", .proxied(.speech, PathFacts(model: "d"))),
    ]

    @Test(arguments: paths)
    func `each path takes its own methods and names the one it takes`(path: String, route: Route) throws {
        var isProxied = false
        if case .proxied = route { isProxied = true }
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"] {
            if isProxied ? method == "POST" : ["GET", "HEAD"].contains(method) {
                #expect(try Router.route(method: method, target: path) == route)
            } else {
                let error = #expect(throws: GatewayError.self) { try Router.route(method: method, target: path) }
                #expect(error?.code == .methodNotAllowed)
                #expect(error?.message.contains(isProxied ? "takes POST" : "takes GET") == true)
            }
        }
    }

    @Test func `a query and one slash at the end do not matter`() throws {
        for suffix in ["/", "?a=b", "/?a=/b", "?"] {
            #expect(try Router.route(method: "POST", target: "/v1/messages" + suffix) == .proxied(.messages))
        }
    }

    @Test(arguments: [
        "/", "", "*", "/v1", "/v2/models", "/v1/Models", "/v1/messages//", "/v1/chat", "//v1/models", "/openai",
        "/openai/deployments/d", "/openai/deployments/d/", "/openai/deployments/d/messages", "/openai/v1/none",
        "/v1beta", "/providers", "/providers/", "/providers/openai",
        "/providers/openai/", "/providers//v1/files", "/v1/filesystem", "/model/converse", "/model/a/invoke",
        "/v2/chat/a", "/v1/files/a/b", "/v1/files/a%2Fb",
    ])
    func `other paths are unknown, whatever the method`(path: String) {
        for method in ["GET", "POST"] {
            let error = #expect(throws: GatewayError.self) { try Router.route(method: method, target: path) }
            #expect(error?.code == .unknownPath)
        }
    }

    @Test func `the protocol of an error is that of the path's clients`() {
        #expect(Router.errorProtocol(target: "/v1/messages/count_tokens?x") == .anthropic)
        #expect(Router.errorProtocol(target: "/v1/chat/completions") == .openai)
        #expect(Router.errorProtocol(target: "/nowhere") == .openai)
        #expect(Router.errorProtocol(target: "/v1/responses") == .responses)
        #expect(Router.errorProtocol(target: "/v1beta/models/a:none") == .gemini)
        #expect(Router.errorProtocol(target: "/v1/models/a:generateContent") == .gemini)
        #expect(Router.errorProtocol(target: "/v1/models/a") == .openai)
        #expect(Router.errorProtocol(target: "/v2/chat?a") == .cohere)
        #expect(Router.errorProtocol(target: "/model/a/none") == .bedrock)
        #expect(Router.errorProtocol(target: "/v2/embed") == .cohere)
        #expect(Router.errorProtocol(target: "/v2/rerank") == .openai)
        #expect(Router.errorProtocol(target: "/upload/v1beta/files") == .gemini)
    }

    @Test func `behind a provider's name any method and path are its own, but for the key in the query`() throws {
        for method in ["GET", "POST", "DELETE", "PATCH", "PUT", "HEAD"] {
            let route = try Router.route(
                method: method,
                target: "/providers/openai/v1/vector_stores/?limit=2&key=sk-x&a=%20"
            )
            let passage = Passage(provider: "openai", path: "/v1/vector_stores/", query: "limit=2&a=%20")
            #expect(route == .passed(passage))
        }
    }

    @Test(arguments: [
        "/v1/../x", "/..", "/v1/%2e%2E/x", "/v1/%2E./x", "/a/..%2fb", "/a/.%2F/b", "/a%5c..%5cb", "/a\\b",
        "//evil.test/x",
        "/v1//x", "/%252e%252e/x", "/a%00b", "/a#b", "/a%0d%0aHost:x", "/é",
    ])
    func `a path that could lead elsewhere is refused`(path: String) {
        let error = #expect(throws: GatewayError.self) {
            try Router.route(method: "GET", target: "/providers/openai" + path)
        }
        #expect(error?.code == .malformedRequest)
    }

    @Test func `names with escaped slashes stay as they are`() throws {
        let path = "/model/arn%3Aaws%3Abedrock%3A%3Aprofile%2Fx/converse"
        let route = try Router.route(method: "POST", target: "/providers/bedrock" + path)
        #expect(route == .passed(Passage(provider: "bedrock", path: path, query: "")))
    }

    private static let things: [(String, String, KeptThing)] = [
        ("POST", "/v1/files", KeptThing(.file, .create)), ("GET", "/v1/files?limit=2", KeptThing(.file, .list)),
        ("GET", "/v1/files/file-1", KeptThing(.file, .read("file-1"))),
        ("GET", "/v1/files/file-1/content", KeptThing(.file, .content("file-1"))),
        ("DELETE", "/v1/files/file-1", KeptThing(.file, .delete("file-1"))),
        ("POST", "/v1/batches", KeptThing(.batch, .create)), ("GET", "/openai/v1/batches", KeptThing(.batch, .list)),
        ("GET", "/v1/batches/batch_1", KeptThing(.batch, .read("batch_1"))),
        ("POST", "/v1/batches/batch_1/cancel", KeptThing(.batch, .cancel("batch_1"))),
    ]

    @Test(arguments: things)
    func `files and batches have paths of their own`(method: String, path: String, thing: KeptThing) throws {
        #expect(try Router.route(method: method, target: path) == .kept(thing))
    }

    @Test(arguments: [
        ("PUT", "/v1/files"), ("DELETE", "/v1/batches/b"), ("GET", "/v1/batches/b/cancel"), ("PATCH", "/v1/files/f"),
    ])
    func `other methods on files and batches are refused`(method: String, path: String) {
        let error = #expect(throws: GatewayError.self) { try Router.route(method: method, target: path) }
        #expect(error?.code == .methodNotAllowed)
    }

    @Test func `only bodies of some paths may be passed on as they come`() {
        for path in ["/v1/audio/transcriptions", "/v1/images/edits", "/v1/files", "/providers/a/b", "/openai/v1/files"]
        {
            #expect(Router.mayPassBody(path))
        }
        for path in [
            "/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/a:generateContent", "/", "", "/v1",
        ] {
            #expect(!Router.mayPassBody(path))
        }
    }

    @Test func `feedback is posted`() throws {
        #expect(try Router.route(method: "POST", target: "/v1/feedback") == .feedback)
        #expect(try Router.route(method: "POST", target: "/v1/feedback/?a=b") == .feedback)
        let error = #expect(throws: GatewayError.self) { try Router.route(method: "GET", target: "/v1/feedback") }
        #expect(error?.code == .methodNotAllowed)
    }

    @Test func `answers that are kept have paths of their own`() throws {
        for (method, path) in [
            ("GET", "/v1/responses/resp_1"), ("DELETE", "/v1/responses/resp_1"),
            ("POST", "/v1/responses/resp_1/cancel"),
        ] {
            let asked = try #require(try KeptResponse(method: method, target: path))
            #expect(try Router.route(method: method, target: path) == .response(asked))
        }
        let error = #expect(throws: GatewayError.self) { try Router.route(method: "GET", target: "/v1/responses/a/b") }
        #expect(error?.code == .unknownPath)
    }
}
