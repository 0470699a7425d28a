import SiraCore
import SiraWire
import Testing

@testable import SiraServer

@Suite struct RouterTests {
    private static let paths: [(String, Route)] = [
        ("/v1/chat/completions", .proxied(.chat)), ("/v1/completions", .proxied(.completion)),
        ("/v1/embeddings", .proxied(.embedding)), ("/v1/messages", .proxied(.messages)),
        ("/v1/messages/count_tokens", .proxied(.countTokens)), ("/v1/models", .models),
        ("/v1/models/small", .model("small")), ("/v1/models/alpha/small", .model("alpha/small")),
        ("/v1/models/alpha%2Fsm%61ll", .model("alpha/small")), ("/v1/models/50%", .model("50%")),
        ("/v1/models/a%2", .model("a%2")), ("/v1/models/%zz", .model("%zz")),
        ("/v1/requests/req_1", .request("req_1")), ("/health/live", .live), ("/health/ready", .ready),
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

    @Test(arguments: ["/", "", "*", "/v1", "/v2/models", "/v1/Models", "/v1/messages//", "/v1/chat", "//v1/models"])
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
    }
}
