import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Questions that a shared report may hold, and their answers.
struct SharedAsks: Sendable {
    private let table: EndpointTable

    /// The endpoints that reports are made of: sums without prompts or answers, and here without names of end users.
    static let names: Set = ["get_figures", "get_series", "get_usage", "list_budgets", "list_budget_status"]

    /// A question that has been understood.
    private struct Ask {
        let endpoint: Endpoint
        let variables: [String: String]
        let query: [String: String]
    }

    /// - Parameter endpoints: all that there are.
    init(_ endpoints: [Endpoint]) {
        table = EndpointTable(endpoints.filter { Self.names.contains($0.name) && $0.method == .get })
    }

    /// What somebody must be able to do to be answered.
    func permissions(for asks: [String]) throws(EndpointError) -> Set<Permission> {
        var permissions: Set<Permission> = []
        for ask in asks {
            switch try read(ask).endpoint.access {
            case .open, .anyone: break
            case .holder(let permission), .gateway(let permission): permissions.insert(permission)
            }
        }
        return permissions
    }

    /// The answer to a question, as the author may have it.
    ///
    /// - Throws: ``EndpointError`` for what is no question of a report, and what its endpoint throws.
    func answer(_ ask: String, to author: Author) async throws -> [UInt8] {
        let ask = try read(ask)
        try Gatekeeper.check(author, ask.endpoint.access)
        var request = EndpointRequest(author: author)
        (request.variables, request.query) = (ask.variables, ask.query)
        return try Self.withoutUsers(try await ask.endpoint.handle(request).body)
    }

    private func read(_ ask: String) throws(EndpointError) -> Ask {
        let halves = ask.split(separator: "?", maxSplits: 1)
        guard let path = halves.first, let (endpoint, variables) = table.find("GET", EndpointTable.prefix + path) else {
            throw EndpointError(422, "not_shareable", "Reports are made of figures, series, usage and budgets only.")
        }
        let query = try QueryString.read(halves.count == 2 ? halves[1] : "", endpoint.parameters)
        guard !Self.isAboutUsers(query) else {
            throw EndpointError(
                422,
                "not_shareable",
                "A report that is shared tells nothing of end users: leave them out of what it asks for."
            )
        }
        return Ask(endpoint: endpoint, variables: variables, query: query)
    }

    /// Whether a question names end users, or would have them named.
    private static func isAboutUsers(_ query: [String: String]) -> Bool {
        let groups = (query["group_by"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        return query["user"] != nil || query["by"] == "user" || groups.contains("user")
            // End users are counted like tags.
            || query["tag"]?.hasPrefix(RollupKey.userPrefix) == true
    }

    /// An answer without the budgets of single end users, whose scopes name them.
    private static func withoutUsers(_ answer: [UInt8]) throws -> [UInt8] {
        try JSONIndexer().read(answer, limits: .answer) { answer in
            var json = JSONWriter(capacity: 4_096)
            json.object { json in
                for (key, value) in answer.members {
                    json.key(dynamic: key.string ?? "")
                    guard key.isString("data") else {
                        json.element(value)
                        continue
                    }
                    json.array { list in
                        for line in value.elements where !isOfUser(line) { list.element(line) }
                    }
                }
            }
            return json.bytes
        }
    }

    private static func isOfUser(_ line: JSONValue) -> Bool {
        line["scope"]?.string.flatMap { Scope($0) }?.kind == .user
    }
}
