package import SiraCore
package import SiraWire

/// What a client asks of the models that there are.
package struct ModelQuery: Hashable, Sendable {
    /// The model that is asked about; nil for a list of all.
    package var name: String?
    /// The protocol in whose shape models are told.
    package var shape: WireProtocol
    /// The part of the list that is asked for.
    package var page = ModelPage()

    package init(name: String? = nil, shape: WireProtocol = .openai, page: ModelPage = ModelPage()) {
        self.name = name
        self.shape = shape
        self.page = page
    }

    /// The same in the shape of the protocol whose clients send these header fields.
    ///
    /// Several protocols have models at the same paths, so clients are known by what else they send.
    package func asked(by headers: HeaderFields) -> ModelQuery {
        var query = self
        if headers["x-goog-api-key"] != nil {
            query.shape = .gemini
        } else if headers["anthropic-version"] != nil {
            query.shape = .anthropic
        } else if headers["x-fern-sdk-name"] == "cohere" {
            query.shape = .cohere
        }
        return query
    }
}

/// A part of the list of models.
package struct ModelPage: Hashable, Sendable {
    /// The most models; nil for all.
    package var limit: Int?
    /// The name behind which the part begins.
    package var after: String?
    /// The name before which it ends.
    package var before: String?

    package init() {}

    /// Reads Anthropic's `limit`, `after_id` and `before_id`, Google's `pageSize` and `pageToken`, and Cohere's `page_size`
    /// and `page_token`; at most a thousand models, whatever is asked.
    ///
    /// - Throws: `invalidField`.
    package init(query: Substring) throws(GatewayError) {
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? PercentEncoding.decoded(halves[1]) : ""
            guard !value.isEmpty else { continue }
            switch halves[0] {
            case "limit", "pageSize", "page_size":
                guard let number = Int(value) else {
                    let field = String(halves[0])
                    throw GatewayError(.invalidField, "\"\(field)\" must be a whole number.", field: field)
                }
                limit = min(max(number, 1), 1_000)
            case "after_id", "pageToken", "page_token": after = value
            case "before_id": before = value
            default: break
            }
        }
    }

    /// The part of a list, and whether there are more models on its far side.
    ///
    /// A name that is not on the list bounds nothing.
    func part<Model>(of models: [Model], name: (Model) -> String) -> (models: ArraySlice<Model>, hasMore: Bool) {
        if let before, let end = models.firstIndex(where: { name($0) == before }) {
            let start = max(0, end - (limit ?? end))
            return (models[start..<end], start > 0)
        }
        let start = after.flatMap { after in models.firstIndex { name($0) == after } }.map { $0 + 1 } ?? 0
        let end = min(models.count, start + (limit ?? models.count))
        return (models[start..<end], end < models.count)
    }
}
