package import SiraCore
import SiraWire

/// What is asked about an answer that is kept.
package struct KeptResponse: Hashable, Sendable {
    /// What is to happen.
    package enum Action: Hashable, Sendable {
        case read
        case delete
        case cancel
        case inputItems(ItemPage)
    }

    package let id: String
    package let action: Action

    /// Reads method and path with query; nil when the path is not about such an answer.
    ///
    /// - Throws: `methodNotAllowed`, `unsupportedFeature` for a stream, or `invalidField` when the query is not what the protocol says.
    package init?(method: String, target: String) throws(GatewayError) {
        let prefix = "/v1/responses/"
        guard target.hasPrefix(prefix) else { return nil }
        let halves = target.dropFirst(prefix.count).split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let query = halves.count > 1 ? halves[1] : ""
        var parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard let id = parts.first, !id.isEmpty, parts.count <= 2 else { return nil }
        // What OpenAI also does with a conversation, and no answer's id.
        if method == "POST", parts == ["compact"] || parts == ["input_tokens"] { return nil }
        self.id = PercentEncoding.decoded(id)
        switch (parts.dropFirst().first, method) {
        case (nil, "GET"):
            guard !Self.asksForEvents(query) else {
                throw GatewayError(
                    .unsupportedFeature,
                    "Answers that are kept here are whole and are not streamed again. Leave out \"stream\" and "
                        + "\"starting_after\" to read one.",
                    field: "stream"
                )
            }
            action = .read
        case (nil, "DELETE"): action = .delete
        case ("cancel", "POST"): action = .cancel
        case ("input_items", "GET"): action = .inputItems(try ItemPage(query: query))
        case (nil, _): throw Self.wrongMethod(method, takes: "GET or DELETE")
        case ("cancel", _): throw Self.wrongMethod(method, takes: "POST")
        case ("input_items", _): throw Self.wrongMethod(method, takes: "GET")
        default: return nil
        }
    }

    /// Whether a query asks for the events of the answer, rather than for itself.
    private static func asksForEvents(_ query: Substring) -> Bool {
        query.split(separator: "&").contains { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? PercentEncoding.decoded(halves[1]).lowercased() : ""
            return halves[0] == "stream" && ["true", "1"].contains(value)
        }
    }

    private static func wrongMethod(_ method: String, takes: String) -> GatewayError {
        GatewayError(.methodNotAllowed, "This path takes \(takes), not \(method).")
    }
}

/// Which part of a list of items is asked for.
package struct ItemPage: Hashable, Sendable {
    /// From 1 to 100.
    package var limit = 20
    /// Whether the oldest come first.
    package var isAscending = false
    /// The id of the item before the first one.
    package var after: String?

    package init() {}

    /// Reads `limit`, `order` and `after`.
    ///
    /// - Throws: `invalidField`.
    package init(query: Substring) throws(GatewayError) {
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? PercentEncoding.decoded(halves[1]) : ""
            switch halves[0] {
            case "limit":
                guard let number = Int(value), (1...100).contains(number) else {
                    throw GatewayError(.invalidField, "\"limit\" must be a whole number from 1 to 100.", field: "limit")
                }
                limit = number
            case "order":
                guard value == "asc" || value == "desc" else {
                    throw GatewayError(.invalidField, "\"order\" must be asc or desc.", field: "order")
                }
                isAscending = value == "asc"
            case "after": after = value.isEmpty ? nil : value
            default: break
            }
        }
    }
}
