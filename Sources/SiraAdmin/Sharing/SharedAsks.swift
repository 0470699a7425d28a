import SiraCore
import SiraStorage
import SiraTenancy

/// Questions that a shared report may hold, and their answers.
struct SharedAsks: Sendable {
    private let table: EndpointTable

    /// The endpoints that reports are made of: sums without names of end users, prompts or answers.
    static let names: Set = ["get_figures", "get_series", "get_usage", "list_budgets", "list_budget_status"]

    /// - Parameter endpoints: all that there are.
    init(_ endpoints: [Endpoint]) {
        table = EndpointTable(endpoints.filter { Self.names.contains($0.name) && $0.method == .get })
    }

    /// The answer to a question, as the author may have it.
    ///
    /// - Throws: ``EndpointError`` for what is no question of a report, and what its endpoint throws.
    func answer(_ ask: String, to author: Author) async throws -> [UInt8] {
        let halves = ask.split(separator: "?", maxSplits: 1)
        guard let path = halves.first, let (endpoint, variables) = table.find("GET", EndpointTable.prefix + path) else {
            throw EndpointError(422, "not_shareable", "Reports are made of figures, series, usage and budgets only.")
        }
        try Gatekeeper.check(author, endpoint.access)
        var request = EndpointRequest(author: author)
        request.variables = variables
        request.query = try QueryString.read(halves.count == 2 ? halves[1] : "", endpoint.parameters)
        return try await endpoint.handle(request).body
    }
}
