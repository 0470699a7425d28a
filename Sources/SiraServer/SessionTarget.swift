import SiraCore
import SiraPipeline
import SiraWire

/// A path and query that ask for a session over a WebSocket.
struct SessionTarget: Hashable {
    /// The model, or Azure's deployment, which stands for it; nil where none is named.
    private(set) var model: String?
    /// A key in the query, where browsers put it that can set no fields.
    private(set) var key: String?
    /// What providers are told as well, escaped as it came.
    private(set) var passed: [String] = []
    /// The names of what is left out.
    private(set) var dropped: [String] = []
    /// Whether two models are named.
    private(set) var isAmbiguous = false
    /// Whether a call is to be joined that was begun elsewhere.
    private(set) var joinsCall = false

    private static let paths: Set<Substring> = ["/v1/realtime", "/openai/realtime", "/openai/v1/realtime"]

    /// Nil when the target is another one.
    init?(_ target: String) {
        // Two prefixes tell nearly all other targets.
        guard target.hasPrefix("/v1/realtime") || target.hasPrefix("/openai/") else { return nil }
        var path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...].dropFirst()
        if path.hasSuffix("/") { path = path.dropLast() }
        guard Self.paths.contains(path) else { return nil }
        for item in query.split(separator: "&") {
            let name = item.prefix { $0 != "=" }
            read(name, value: item[name.endIndex...].dropFirst(), item)
        }
    }

    private mutating func read(_ name: Substring, value: Substring, _ item: Substring) {
        switch name {
        case "model", "deployment":
            let value = PercentEncoding.decoded(value)
            isAmbiguous = isAmbiguous || (model ?? value) != value
            model = value
        case "api-key":
            key = PercentEncoding.decoded(value)
        case "intent":
            passed.append(String(item))
        case "call_id":
            joinsCall = true
        default:
            dropped.append(String(PercentEncoding.decoded(name).prefix(100)))
        }
    }

    /// - Throws: `unsupportedFeature` or `invalidField` when the query asks for what cannot be done.
    func check() throws(GatewayError) {
        guard !joinsCall else {
            throw GatewayError(
                .unsupportedFeature,
                "A session cannot join a call that was begun elsewhere, since its model is not known. Leave call_id out "
                    + "and name a model.",
                field: "call_id"
            )
        }
        guard !isAmbiguous else {
            throw GatewayError(.invalidField, "The query names two models. Name one.", field: "model")
        }
    }
}
