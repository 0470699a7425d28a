import SiraCatalog
import SiraCore
import SiraInsight
import SiraJSON
import SiraPricing
import SiraStorage
import SiraTenancy

/// What would have been spent otherwise.
struct ReturnEndpoints: Sendable {
    let source: ReportSource

    var all: [Endpoint] { [roi, replay] }

    private static let permission = Permission(.usage, .read)
    /// Where nobody says otherwise, so long is looked back.
    private static let usualSpan = Duration.seconds(-30 * 86_400)

    private static let span: [(name: String, schema: JSONSchema)] = [
        ("since", .time), ("until", .time),
        ("scope", JSONSchema.text(1...300).described("Whose requests, such as team:team_0123456789A; the gateway.")),
    ]

    // MARK: returns

    private static let numbers: [(name: String, schema: JSONSchema)] = [
        ("n_raw", JSONSchema.integer().described("Requests that clients make.")),
        ("hr", JSONSchema.number.described("The share that the cache answers, from 0 to 1.")),
        ("br", JSONSchema.number.described("The share of the others that goes through batches.")),
        ("batch_discount", JSONSchema.number.described("What a batch is cheaper by; 0.5.")),
        ("c_unit_usd", JSONSchema.dollars.described("What a request costs without cache and batch.")),
        ("o_cost_usd", JSONSchema.dollars.described("What is spent to have all this.")),
        ("measured", JSONSchema.boolean.described("Take requests, cost and hit rate from the books where not given.")),
    ]

    private var roi: Endpoint {
        let fields = Self.numbers + Self.span
        return Endpoint(
            .post,
            "/roi",
            name: "calculate_returns",
            tag: "usage",
            "Calculate what a cache and batches bring",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("The model, and what becomes of it when one number is another.")
        ) { request in
            EndpointReply(try await returns(request, fields.map(\.name)))
        }.with {
            $0.details = """
                Measured, the hit rate is the share of the cost that the providers' prompt caches saved, and a request's \
                cost what it would have been without; requests whose cost is not known count as costing nothing, and \
                `measured` tells how many they are.
                """
            $0.body = .object(fields, optional: Set(fields.map(\.name)))
        }
    }

    private struct Numbers: Sendable {
        var requests: Int64?
        var (hitRate, batchRate, discount): (Double?, Double?, Double?)
        var (cost, overhead): (NanoUSD?, NanoUSD?)
        var isMeasured = false
        var span = Span()
    }

    private func returns(_ request: EndpointRequest, _ known: [String]) async throws -> [UInt8] {
        let now = source.clock.now()
        let numbers = try ReportBody.read(request.body, known) { body in
            var numbers = Numbers()
            numbers.requests = body.integer("n_raw", 0...1_000_000_000_000_000)
            (numbers.hitRate, numbers.batchRate) = (body.share("hr"), body.share("br"))
            numbers.discount = body.share("batch_discount")
            (numbers.cost, numbers.overhead) = (body.amount("c_unit_usd"), body.amount("o_cost_usd"))
            numbers.isMeasured = body.flag("measured") ?? false
            numbers.span = Span(&body, now: now)
            if !numbers.isMeasured {
                for name in ["n_raw", "c_unit_usd"] where body[name] == nil {
                    body.problem(name, "is missing; or set measured to true")
                }
            }
            return numbers
        }
        var model = ReturnModel(requests: 0, costPerRequest: .zero)
        var totals: UsageTotals?
        if numbers.isMeasured {
            let sums = try await self.totals(numbers.span, for: request.author)
            (model, totals) = (ReturnModel(measured: sums), sums)
        }
        if let requests = numbers.requests { model.requests = requests }
        if let cost = numbers.cost { model.costPerRequest = cost }
        if let rate = numbers.hitRate { model.cacheHitRate = Share(rate) }
        if let rate = numbers.batchRate { model.batchRate = Share(rate) }
        if let discount = numbers.discount { model.batchDiscount = Share(discount) }
        if let overhead = numbers.overhead { model.overhead = overhead }
        var json = JSONWriter(capacity: 8_192)
        json.object { json in
            ReturnReport(model).write(to: &json)
            if let totals { json.object("measured") { totals.write(to: &$0) } } else { json.null("measured") }
        }
        return json.bytes
    }

    private func totals(_ span: Span, for author: Author) async throws -> UsageTotals {
        var query = RollupQuery(from: span.time.lowerBound, until: span.time.upperBound)
        query.narrow(to: try await source.place(for: author, Self.permission, within: [span.scope]))
        query.narrow(to: span.scope)
        return try await source.rollups.totals(query).first?.totals ?? UsageTotals()
    }

    // MARK: replay

    private var replay: Endpoint {
        let fields =
            Self.span + [
                (
                    "substitutions",
                    JSONSchema.map(of: .anything).described(
                        "Provider and model → another provider and model; or a route, as route:NAME, whose models take "
                            + "the shares that they took of its own requests in that time; or prices in dollars for a "
                            + "million tokens: input, output, cache_read, cache_write."
                    )
                )
            ]
        return Endpoint(
            .post,
            "/replay",
            name: "replay_usage",
            tag: "usage",
            "Price past requests for other models or at other prices",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("Old and new cost of each model.")
        ) { request in
            let now = source.clock.now()
            let (span, substitution) = try ReportBody.read(request.body, fields.map(\.name)) { body in
                (Span(&body, now: now), Substitution(Self.targets(&body)))
            }
            let place = try await source.place(for: request.author, Self.permission, within: [span.scope])
            let replay: Replay
            do {
                replay = try await Replay.read(
                    source.usage,
                    source.rollups,
                    [span.scope, place],
                    in: span.time,
                    substitution,
                    prices: PriceBook(source.catalog())
                )
            } catch let error as UnusedRoute {
                let problem = FieldProblem("substitutions", "\(error)")
                throw EndpointError(422, "invalid_fields", "\(error)", fields: [problem])
            }
            var json = JSONWriter(capacity: 4_096)
            json.object { replay.write(to: &$0) }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "The tokens are taken to be the same; models that are not named are priced by today's book."
            $0.body = .object(fields, optional: Set(fields.map(\.name)))
        }
    }

    private static func targets(_ body: inout ReportBody) -> [ModelReference: Substitution.Target] {
        guard let json = body["substitutions"] else { return [:] }
        guard json.kind == .object else {
            body.problem("substitutions", "must be an object of provider/model → provider/model or prices")
            return [:]
        }
        var targets: [ModelReference: Substitution.Target] = [:]
        for (key, value) in json.members {
            let name = key.string ?? ""
            let field = "substitutions.\(name)"
            guard let from = ModelReference(name) else {
                body.problem(field, "must be a provider and a model, such as openai/gpt-4o")
                continue
            }
            if let text = value.string, let target = Substitution.Target(text) {
                targets[from] = target
            } else if value.kind == .object, let rates = rates(value, field, &body) {
                targets[from] = .prices(rates)
            } else if value.kind != .object {
                body.problem(
                    field,
                    "must be a provider and a model, such as openai/gpt-4o-mini, a route, such as route:smart, or an "
                        + "object of prices"
                )
            }
        }
        return targets
    }

    /// Prices in dollars for a million, which the book keeps in nano-dollars for a million.
    private static func rates(_ json: JSONValue, _ field: String, _ body: inout ReportBody) -> Rates? {
        let names: [(name: String, path: WritableKeyPath<Rates, Int64?>)] = [
            ("input", \.input), ("output", \.output), ("cache_read", \.cacheRead), ("cache_write", \.cacheWrite),
        ]
        var rates = Rates()
        for (key, value) in json.members {
            let text = value.string ?? (value.kind == .number ? value.rawJSON.description : "")
            guard let path = names.first(where: { $0.name == key.string })?.path else {
                body.problem(
                    "\(field).\(key.string ?? "")",
                    "is no price; there are \(names.map(\.name).joined(separator: ", "))"
                )
                return nil
            }
            guard let price = NanoUSD(decimal: text), price >= .zero else {
                body.problem("\(field).\(key.string ?? "")", "must be dollars for a million tokens")
                return nil
            }
            rates[keyPath: path] = price.nanos
        }
        return rates
    }
}

extension ReturnEndpoints {
    /// A stretch of time, and whose requests in it.
    fileprivate struct Span: Sendable {
        var time = Timestamp(microseconds: 0)..<Timestamp(microseconds: 0)
        var scope = Scope.gateway

        init() {}

        init(_ body: inout ReportBody, now: Timestamp) {
            let until = body.time("until") ?? RollupPeriod.minute.end(of: now)
            let since = body.time("since") ?? until.advanced(by: ReturnEndpoints.usualSpan)
            scope = body.scope("scope") ?? .gateway
            if since < until {
                time = since..<until
            } else {
                body.problem("since", "must be before \(until)")
            }
        }
    }
}
