import SiraCore
import SiraWire

/// What a path of the API leads to.
enum Route: Hashable {
    case proxied(Operation, PathFacts = PathFacts())
    case models
    case model(String)
    case request(String)
    case live
    case ready
}

/// The paths of the API.
enum Router {
    private static let proxied: [String: Operation] = [
        "/v1/chat/completions": .chat,
        "/v1/completions": .completion,
        "/v1/embeddings": .embedding,
        "/v1/messages": .messages,
        "/v1/messages/count_tokens": .countTokens,
    ]

    /// Finds what a request wants.
    ///
    /// - Parameter target: path and query as sent; the query is not looked at.
    /// - Throws: `unknownPath`, or `methodNotAllowed` for a path that is known.
    static func route(method: String, target: String) throws(GatewayError) -> Route {
        let path = path(of: target)
        if let operation = proxied[path] {
            guard method == "POST" else { throw wrongMethod(method, path, allowed: "POST") }
            return .proxied(operation)
        }
        guard let route = readable(path) else {
            throw GatewayError(
                .unknownPath,
                "There is nothing at \(method) \(path.prefix(200)). The API's paths are /v1/chat/completions, /v1/completions, "
                    + "/v1/embeddings, /v1/messages, /v1/messages/count_tokens, /v1/models and /v1/requests/{id}."
            )
        }
        guard method == "GET" || method == "HEAD" else { throw wrongMethod(method, path, allowed: "GET") }
        return route
    }

    /// The protocol in which to answer an error on this path.
    static func errorProtocol(target: String) -> WireProtocol {
        target.hasPrefix("/v1/messages") ? .anthropic : .openai
    }

    /// The path alone; one slash at its end does not count.
    private static func path(of target: String) -> String {
        guard target.utf8.contains(UInt8(ascii: "?")) || target.utf8.last == UInt8(ascii: "/") else { return target }
        let path = target.prefix { $0 != "?" }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : String(path)
    }

    private static func readable(_ path: String) -> Route? {
        switch path {
        case "/v1/models": .models
        case "/health/live": .live
        case "/health/ready": .ready
        default:
            // A model's name may hold slashes, plain or escaped.
            if path.hasPrefix("/v1/models/") {
                .model(percentDecoded(path.dropFirst("/v1/models/".count)))
            } else if path.hasPrefix("/v1/requests/") {
                .request(String(path.dropFirst("/v1/requests/".count)))
            } else {
                nil
            }
        }
    }

    private static func wrongMethod(_ method: String, _ path: String, allowed: String) -> GatewayError {
        GatewayError(.methodNotAllowed, "\(path) takes \(allowed), not \(method).")
    }

    /// Undoes percent encoding (RFC 3986, section 2.1); what is not a proper escape stays as it is.
    private static func percentDecoded(_ text: Substring) -> String {
        guard text.contains("%") else { return String(text) }
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var at = 0
        while at < source.count {
            let digits = source[(at + 1)...].prefix(2)
            if source[at] == UInt8(ascii: "%"), digits.count == 2,
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                at += 3
            } else {
                bytes.append(source[at])
                at += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
