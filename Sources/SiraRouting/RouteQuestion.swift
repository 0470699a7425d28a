package import SiraCore
package import SiraSignals
package import SiraWire

/// What has to be known of a request to say where it may go.
package struct RouteQuestion {
    /// The model as the client wrote it, an objective included.
    package var model: String
    package var operation: SiraWire.Operation
    /// The same where an experiment has put another in its place; nil where none has.
    package var written: String?
    package var now: Timestamp
    /// Nanoseconds, as ``GatewayClock/uptime`` counts.
    package var uptime: UInt64
    /// The client's own, in which it may state an objective.
    package var headers = HeaderFields()
    /// The name of the caller's key, and what the operator has tagged it with.
    package var key = ""
    package var tags: [String] = []
    package var isStream = false
    /// About how many tokens the prompt has, by its bytes; used where no facts are made.
    package var promptTokens = 0
    /// What the request's body shows.
    ///
    /// Called at most once, and only where something asks for it. What else the facts tell is filled in from here.
    package var facts: () throws(GatewayError) -> RequestFacts
    /// Whether the caller may use a deployment; nil where it may use whatever the name leads to.
    package var isAllowed: ((Deployment) -> Bool)?
    /// Whether a route's requests go to its cheaper models at the moment.
    ///
    /// Asked once for each request of a route that has such a policy.
    package var isDegraded: (_ route: String, _ policy: DegradationPolicy) -> Bool = { _, _ in false }
    /// The experiment and the arm of it that led to the name, such as `prompt-test/b`.
    package var arm: String?

    package init(
        model: String,
        operation: SiraWire.Operation,
        now: Timestamp,
        uptime: UInt64,
        facts: @escaping () throws(GatewayError) -> RequestFacts = { () throws(GatewayError) in RequestFacts() }
    ) {
        (self.model, self.operation, self.now, self.uptime, self.facts) = (model, operation, now, uptime, facts)
    }
}

extension RouteQuestion {
    /// Whether the client may have stated an objective in header fields, all of which begin with `x-sira-`.
    var hasOwnHeaders: Bool {
        headers.fields.contains { name, _ in
            let start = name.utf8.prefix(7)
            return start.count == 7 && zip(start, "x-sira-".utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }
}

/// Facts that are made when they are first asked for.
struct FactsOnce {
    private let question: RouteQuestion
    /// The model's name without an objective.
    private let name: String
    private(set) var made: RequestFacts?

    init(_ question: RouteQuestion, name: String) {
        (self.question, self.name) = (question, name)
    }

    mutating func get() throws(GatewayError) -> RequestFacts {
        if let made { return made }
        let facts = completed(try question.facts())
        made = facts
        return facts
    }

    /// All facts where `needsBody`, else those that are there without it; header fields in any case.
    mutating func forRules(needsBody: Bool) throws(GatewayError) -> RequestFacts {
        var facts = needsBody ? try get() : made ?? completed(RequestFacts())
        guard facts.headers.isEmpty else { return facts }
        for (name, value) in question.headers where facts.headers[name.lowercased()] == nil {
            facts.headers[name.lowercased()] = value
        }
        return facts
    }

    private func completed(_ facts: RequestFacts) -> RequestFacts {
        var facts = facts
        facts.model = name
        facts.operation = question.operation.label
        facts.key = question.key
        facts.tags = question.tags
        facts.isStream = facts.isStream || question.isStream
        facts.time = question.now
        return facts
    }
}
