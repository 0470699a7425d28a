import SiraCore
import SiraPipeline
import SiraWire

/// What a path of the API leads to.
enum Route: Hashable {
    /// A request for a model.
    case proxied(Operation, PathFacts = PathFacts())
    /// A request that goes to a provider as it is.
    case passed(Passage)
    /// A thing that a provider keeps: a file, a batch.
    case kept(KeptThing)
    /// An answer that is kept here.
    case response(KeptResponse)
    case models(ModelQuery)
    case request(String)
    /// What somebody thought of an answer, in the body.
    case feedback
    case live
    case ready
}

/// The paths of the API.
enum Router {
    /// What the paths that name no model ask for.
    static let proxied: [String: Operation] = [
        "/v1/chat/completions": .chat,
        "/v1/completions": .completion,
        "/v1/embeddings": .embedding,
        "/v1/messages": .messages,
        "/v1/messages/count_tokens": .countTokens,
        "/v1/responses": .response,
        "/v1/moderations": .moderation,
        "/v1/rerank": .rerank,
        "/v2/rerank": .rerank,
        "/v2/chat": .cohereChat,
        "/v1/images/generations": .imageGeneration,
        "/v1/images/edits": .imageEdit,
        "/v1/images/variations": .imageVariation,
        "/v1/audio/speech": .speech,
        "/v1/audio/transcriptions": .transcription,
        "/v1/audio/translations": .translation,
    ]

    /// Finds what a request wants.
    ///
    /// - Parameter target: path and query as sent.
    /// - Throws: `unknownPath`, `methodNotAllowed` for a path that is known, or `malformedRequest` for one that no
    ///   provider may be sent.
    static func route(method: String, target: String) throws(GatewayError) -> Route {
        let path = path(of: target)
        if let operation = proxied[path] { return try posted(.proxied(operation), method, path) }
        if path == "/v1/feedback" { return try posted(.feedback, method, path) }
        if path.hasPrefix("/providers/") {
            // Others mean something to the connection, or show what a request held on its way.
            guard passedMethods.contains(method) else {
                throw wrongMethod(method, path, allowed: passedMethods.sorted().joined(separator: ", "))
            }
            return .passed(try Passage(target: target))
        }
        // Azure's paths are OpenAI's with other beginnings.
        if let rest = rest(of: path, after: "/openai/") {
            return try azure(rest, method: method, path: path, target: target)
        }
        if let route = gemini(path, target: target) ?? bedrock(path) { return try posted(route, method, path) }
        if let thing = try KeptThing(method: method, path: path) { return .kept(thing) }
        if let response = try KeptResponse(method: method, target: target) { return .response(response) }
        guard let route = try readable(path, target: target) else { throw UnknownPath.error(method, path) }
        guard method == "GET" || method == "HEAD" else { throw wrongMethod(method, path, allowed: "GET") }
        return route
    }

    /// The protocol in which to answer an error on this path.
    static func errorProtocol(target: String) -> WireProtocol {
        if target.hasPrefix("/v1/messages") { return .anthropic }
        if target.hasPrefix("/v1/responses") { return .responses }
        if target.hasPrefix("/v2/"), !target.hasPrefix("/v2/rerank") { return .cohere }
        if target.hasPrefix("/model/") { return .bedrock }
        if target.hasPrefix("/v1beta/") || target.hasPrefix("/upload/")
            || gemini(path(of: target), target: target) != nil
        {
            return .gemini
        }
        return .openai
    }

    /// Whether a request to this path may have a body that is not read before it is passed on.
    ///
    /// For most requests a look at two bytes tells that it may not.
    static func mayPassBody(_ target: String) -> Bool {
        let bytes = target.utf8
        guard let second = bytes.dropFirst().first else { return false }
        switch second {
        case UInt8(ascii: "p"): return target.hasPrefix("/providers/")
        case UInt8(ascii: "o"): return target.hasPrefix("/openai/")
        case UInt8(ascii: "v"):
            switch bytes.dropFirst(4).first {
            case UInt8(ascii: "a"), UInt8(ascii: "i"), UInt8(ascii: "f"): return true
            default: return false
            }
        default: return false
        }
    }

    private static let passedMethods: Set<String> = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

    /// The path alone; one slash at its end does not count.
    private static func path(of target: String) -> String {
        guard target.utf8.contains(UInt8(ascii: "?")) || target.utf8.last == UInt8(ascii: "/") else { return target }
        let path = target.prefix { $0 != "?" }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : String(path)
    }

    /// What stands behind the question mark.
    private static func query(of target: String) -> Substring { target.drop { $0 != "?" }.dropFirst() }

    private static func readable(_ path: String, target: String) throws(GatewayError) -> Route? {
        switch path {
        case "/v1/models": return .models(ModelQuery(page: try ModelPage(query: query(of: target))))
        case "/v1beta/models": return .models(ModelQuery(shape: .gemini, page: try ModelPage(query: query(of: target))))
        case "/health/live": return .live
        case "/health/ready": return .ready
        default: break
        }
        // A model's name may hold slashes, plain or escaped.
        if let name = rest(of: path, after: "/v1/models/") {
            return .models(ModelQuery(name: PercentEncoding.decoded(name)))
        }
        if let name = rest(of: path, after: "/v1beta/models/") {
            return .models(ModelQuery(name: PercentEncoding.decoded(name), shape: .gemini))
        }
        return rest(of: path, after: "/v1/requests/").map { .request(String($0)) }
    }

    /// Gemini's paths: the model's name and, behind the last colon, what is asked of it.
    private static func gemini(_ path: String, target: String) -> Route? {
        guard let rest = rest(of: path, after: "/v1beta/models/") ?? rest(of: path, after: "/v1/models/"),
            let colon = rest.lastIndex(of: ":"), colon > rest.startIndex
        else { return nil }
        var facts = PathFacts(model: PercentEncoding.decoded(rest[..<colon]))
        switch rest[rest.index(after: colon)...] {
        case "generateContent": return .proxied(.generate, facts)
        case "streamGenerateContent":
            facts.isStream = true
            facts.isArray = !asksForEvents(target)
            return .proxied(.generate, facts)
        case "countTokens": return .proxied(.geminiCountTokens, facts)
        case "embedContent": return .proxied(.embedContent, facts)
        case "batchEmbedContents": return .proxied(.batchEmbedContents, facts)
        default: return nil
        }
    }

    /// Whether a query asks for server-sent events, as Google's clients do.
    private static func asksForEvents(_ target: String) -> Bool {
        query(of: target).split(separator: "&").contains { ["alt=sse", "$alt=sse", "%24alt=sse"].contains($0) }
    }

    /// Bedrock's paths: the model's name, escaped, between what they begin and end with.
    private static func bedrock(_ path: String) -> Route? {
        guard let rest = rest(of: path, after: "/model/"), let slash = rest.lastIndex(of: "/"), slash > rest.startIndex
        else { return nil }
        let model = PercentEncoding.decoded(rest[..<slash])
        return switch rest[rest.index(after: slash)...] {
        case "converse": .proxied(.converse, PathFacts(model: model))
        case "converse-stream": .proxied(.converse, PathFacts(model: model, isStream: true))
        default: nil
        }
    }

    /// Azure's paths: OpenAI's behind a deployment, which stands for the model, or behind no version at all.
    private static func azure(
        _ rest: Substring,
        method: String,
        path: String,
        target: String
    ) throws(GatewayError) -> Route {
        if let deployment = rest.wholePrefix("deployments/") {
            let parts = deployment.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let operation = proxied["/v1/" + parts[1]], operation.hasDeployments else {
                throw UnknownPath.error(method, path)
            }
            let facts = PathFacts(model: PercentEncoding.decoded(parts[0]))
            return try posted(.proxied(operation, facts), method, path)
        }
        // The query says which page of a list is wanted.
        let query = target.drop { $0 != "?" }
        let plain = "/" + (rest.hasPrefix("v1/") ? "" : "v1/") + rest + query
        return try route(method: method, target: plain)
    }

    private static func posted(_ route: Route, _ method: String, _ path: String) throws(GatewayError) -> Route {
        guard method == "POST" else { throw wrongMethod(method, path, allowed: "POST") }
        return route
    }

    private static func rest(of path: String, after prefix: String) -> Substring? { path[...].wholePrefix(prefix) }

    private static func wrongMethod(_ method: String, _ path: String, allowed: String) -> GatewayError {
        GatewayError(.methodNotAllowed, "\(path) takes \(allowed), not \(method).")
    }
}

extension Substring {
    /// What follows `prefix`; nil when the text does not begin with it or is no longer.
    fileprivate func wholePrefix(_ prefix: String) -> Substring? {
        guard hasPrefix(prefix), utf8.count > prefix.utf8.count else { return nil }
        return dropFirst(prefix.count)
    }
}

extension Operation {
    /// Whether Azure has it at each of its deployments.
    fileprivate var hasDeployments: Bool {
        switch self {
        case .chat, .completion, .embedding, .imageGeneration, .imageEdit, .imageVariation, .speech, .transcription,
            .translation:
            true
        default: false
        }
    }
}
