import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Puts right what the ledger says of a request, by a line more.
struct CorrectionEndpoint: Sendable {
    let source: ReportSource

    /// How often a number is tried for the line that somebody else's line took.
    private static let attempts = 8

    private static let counts: [(name: String, path: any WritableKeyPath<Usage, Int> & Sendable)] = [
        ("input_tokens", \.input), ("cache_read_tokens", \.cacheRead), ("cache_write_tokens", \.cacheWrite),
        ("output_tokens", \.output), ("reasoning_tokens", \.reasoning), ("images", \.images),
        ("web_searches", \.webSearches), ("characters", \.characters),
    ]
    private static let fields: [(name: String, schema: JSONSchema)] = [
        ("request", JSONSchema.text(30...30).described("The id of the request.")),
        ("reason", JSONSchema.text(1...500).described("Why; the audit log keeps it.")),
        ("cost_usd", JSONSchema.dollars.described("What is to be added to the cost; below 0 to take away.")),
        ("charge_usd", JSONSchema.dollars.described("What is to be added to the charge.")),
        ("right_cost_usd", JSONSchema.dollars.described("What all lines of the request are to cost together.")),
        ("right_charge_usd", JSONSchema.dollars.described("What all of them are to be charged at together.")),
        ("usage", JSONSchema.map(of: .integer(Int64.min...Int64.max)).described("Counts that are to be added.")),
    ]

    var endpoint: Endpoint {
        Endpoint(
            .post,
            "/corrections",
            name: "create_correction",
            tag: "usage",
            "Put right what the ledger says of a request",
            access: .gateway(Permission(.billing, .write)),
            answer: ReportSchemas.loose("The line that was added.")
        ) { request in
            EndpointReply(try await correct(request))
        }.with {
            $0.details = """
                Lines are never changed: the correction is one more, with differences, of the same time, tenants and tags. \
                It counts as no request. Budgets that run take it into account when the gateway starts the next time.
                """
            $0.body = .object(Self.fields, optional: Set(Self.fields.map(\.name)).subtracting(["request", "reason"]))
            $0.status = 201
        }
    }

    private struct Order: Sendable {
        var request = RequestID(high: 0, low: 0)
        var reason = ""
        var (cost, charge): (NanoUSD?, NanoUSD?)
        var (rightCost, rightCharge): (NanoUSD?, NanoUSD?)
        var usage = Usage()
    }

    private static func order(_ bytes: [UInt8]) throws -> Order {
        try ReportBody.read(bytes, fields.map(\.name)) { body in
            var order = Order()
            for name in ["request", "reason"] where body[name] == nil { body.problem(name, "is missing") }
            if let text = body.text("request") {
                if let id = RequestID(text) {
                    order.request = id
                } else {
                    body.problem("request", "is no id of a request")
                }
            }
            order.reason = body.text("reason") ?? ""
            if order.reason.utf8.count > 500 { body.problem("reason", "must have at most 500 bytes") }
            order.cost = body.amount("cost_usd", signed: true)
            order.charge = body.amount("charge_usd", signed: true)
            order.rightCost = body.amount("right_cost_usd")
            order.rightCharge = body.amount("right_charge_usd")
            if order.cost != nil, order.rightCost != nil {
                body.problem("cost_usd", "cannot be given together with right_cost_usd")
            }
            if order.charge != nil, order.rightCharge != nil {
                body.problem("charge_usd", "cannot be given together with right_charge_usd")
            }
            order.usage = Self.usage(&body)
            let amounts = [order.cost, order.charge, order.rightCost, order.rightCharge]
            if amounts.allSatisfy({ $0 == nil }), order.usage == Usage() {
                body.problem("", "there is nothing to put right: give an amount or usage")
            }
            return order
        }
    }

    private static func usage(_ body: inout ReportBody) -> Usage {
        var usage = Usage()
        guard let json = body["usage"] else { return usage }
        for (key, value) in json.members {
            let name = key.string ?? ""
            guard let path = counts.first(where: { $0.name == name })?.path else {
                body.problem(
                    "usage.\(name)",
                    "is not a count here; there are \(counts.map(\.name).joined(separator: ", "))"
                )
                continue
            }
            guard let number = value.integer, (-1_000_000_000_000...1_000_000_000_000).contains(number) else {
                body.problem("usage.\(name)", "must be a whole number")
                continue
            }
            usage[keyPath: path] = Int(number)
        }
        return usage
    }

    private func correct(_ request: EndpointRequest) async throws -> [UInt8] {
        let order = try Self.order(request.body)
        for _ in 0..<Self.attempts {
            let records = try await source.usage.records(of: order.request)
            guard let base = records.last(where: { $0.isFinal && !$0.isCorrection }) else {
                throw EndpointError(
                    404,
                    "not_found",
                    "The ledger has no request \(order.request) that has ended; it may take a second to get there."
                )
            }
            let correction = Self.correction(order, of: base, records)
            // The trail first: better a correction that was told and not made than one that nobody answers for.
            try await source.audit.append(entry(order, records, correction, by: request.author))
            // Somebody else's correction may have taken the number.
            guard try await source.usage.insert([correction]) == 1 else { continue }
            var json = JSONWriter()
            json.object { correction.write(to: &$0) }
            return json.bytes
        }
        throw EndpointError(409, "unfit_state", "Others keep correcting this request; try again.")
    }

    /// The line of the ledger: what it was about, and differences.
    private static func correction(_ order: Order, of base: UsageRecord, _ records: [UsageRecord]) -> UsageRecord {
        var line = base
        line.attempt = (records.map(\.attempt).max() ?? 0) + 1
        (line.isCorrection, line.isFinal) = (true, false)
        (line.duration, line.upstreamTime, line.queueTime, line.timeToFirstToken) = (0, 0, 0, nil)
        line.usage = order.usage
        (line.cacheSavings, line.routingSavings) = (.zero, .zero)
        line.cost = order.cost ?? order.rightCost.map { $0 - sum(records, \.cost) } ?? .zero
        line.charge = order.charge ?? order.rightCharge.map { $0 - sum(records, \.charge) } ?? .zero
        return line
    }

    /// What is known of all lines together.
    private static func sum(_ records: [UsageRecord], _ amount: KeyPath<UsageRecord, NanoUSD?>) -> NanoUSD {
        records.reduce(.zero) { $0 + ($1[keyPath: amount] ?? .zero) }
    }

    private func entry(
        _ order: Order,
        _ records: [UsageRecord],
        _ line: UsageRecord,
        by author: Author
    ) -> AuditEntry {
        var json = JSONWriter()
        json.object { json in
            for (name, amount, added) in [
                ("cost_usd", Self.sum(records, \.cost), line.cost),
                ("charge_usd", Self.sum(records, \.charge), line.charge),
            ] {
                json.key(dynamic: name)
                json.array {
                    $0.element(amount.description)
                    $0.element((amount + (added ?? .zero)).description)
                }
            }
            for (name, path) in Self.counts where line.usage[keyPath: path] != 0 {
                let before = records.reduce(0) { $0 + $1.usage[keyPath: path] }
                json.key(dynamic: name)
                json.array {
                    $0.element(before)
                    $0.element(before + line.usage[keyPath: path])
                }
            }
        }
        return AuditEntry(
            at: source.clock.now(),
            actor: author.actor,
            address: author.address,
            action: "usage.correct",
            subject: order.request.description,
            changes: json.bytes,
            reason: order.reason
        )
    }
}
