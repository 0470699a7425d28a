import SiraAdmin
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraExperiments
import SiraJSON
import SiraPricing
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

/// Shows what clients can ask for, and where that leads.
struct NameDesk: Sendable {
    let world: @Sendable () -> World
    let settings: @Sendable () -> Settings
    let environment: Environment
    let clock: GatewayClock
    /// The most models that are told.
    private static let modelLimit = 5_000

    var source: NameSource {
        NameSource(
            models: { EndpointReply(models($0.query)) },
            routes: { _ in EndpointReply(routes()) },
            dryRun: { EndpointReply(try dryRun($0)) }
        )
    }

    // MARK: models

    private func models(_ query: [String: String]) -> [UInt8] {
        let (world, settings, now) = (world(), settings(), clock.now())
        let uses = Uses(settings, world.directory)
        var found = world.directory.listed
        if let text = query["q"]?.lowercased() { found.removeAll { !$0.id.lowercased().contains(text) } }
        if let provider = query["provider"] { found.removeAll { $0.owner != provider } }
        var json = JSONWriter(capacity: 65_536)
        json.object { json in
            json.array("models") { list in
                for model in found.prefix(Self.modelLimit) {
                    list.object { json in
                        write(model, to: &json)
                        Self.write(price(of: model, world, now), to: &json)
                        if let day = model.retiresOn {
                            json.member("retires_on", "\(day)")
                        } else {
                            json.null("retires_on")
                        }
                        uses.write(of: model, to: &json)
                    }
                }
            }
            json.member("truncated", found.count > Self.modelLimit)
        }
        return json.bytes
    }

    private func write(_ model: ListedModel, to json: inout JSONWriter) {
        let settings = settings()
        json.member("id", model.id)
        json.member("target", model.target)
        json.member("provider", model.owner)
        json.member("is_own_name", settings.aliases[model.id] != nil || settings.routes[model.id] != nil)
        json.member("kind", model.kind.rawValue)
        if let context = model.context { json.member("context", context) } else { json.null("context") }
        if let output = model.maxOutput { json.member("max_output", output) } else { json.null("max_output") }
        json.array("capabilities") { list in for word in model.capabilities.words { list.element(word) } }
        json.object("modalities") { json in
            let (own, abilities) = (model.kind.modalities, model.capabilities)
            var input = own.input
            for (ability, word) in [
                (Capabilities.vision, "image"), (.audioInput, "audio"), (.videoInput, "video"), (.pdf, "pdf"),
            ] where abilities.contains(ability) && !input.contains(word) {
                input.append(word)
            }
            let output =
                own.output + (abilities.contains(.audioOutput) && !own.output.contains("audio") ? ["audio"] : [])
            json.array("input") { list in for word in input { list.element(word) } }
            json.array("output") { list in for word in output { list.element(word) } }
        }
    }

    private func price(of model: ListedModel, _ world: World, _ now: Timestamp) -> PricePeriod? {
        let access = world.accesses.first { $0.name == model.owner }
        let name = String(model.target.dropFirst(model.owner.count + 1))
        return access.flatMap { world.catalog.exactModel(provider: $0.provider.id, name: name) }?.prices.period(at: now)
    }

    private static func write(_ period: PricePeriod?, to json: inout JSONWriter) {
        guard let period, !period.standard.base.isEmpty else { return json.null("prices") }
        let rates = period.standard.base
        json.object("prices") { json in
            json.object("nano_per_million") { json in
                for unit in BilledUnit.allCases {
                    // What costs as much as text need not be told.
                    guard let price = unit.price(in: rates, usage: Usage()),
                        [.input, .output].contains(unit) || ![rates.input, rates.output].contains(price)
                    else { continue }
                    json.key(dynamic: unit.rawValue)
                    json.element(String(price))
                }
            }
            if let date = period.date { json.member("date", "\(date)") } else { json.null("date") }
            json.member("source", period.source)
            json.member("tiers", !period.standard.tiers.isEmpty)
        }
    }

    // MARK: routes

    private func routes() -> [UInt8] {
        let (world, settings) = (world(), settings())
        let document = SettingsDocument(settings, environment: environment)
        var json = JSONWriter(capacity: 16_384)
        json.object { json in
            json.array("routes") { list in
                for (name, route) in settings.routes.sorted(by: { $0.key < $1.key }) {
                    list.object { json in
                        json.member("name", name)
                        json.member("origin", settings.origin.isInFile("routes.\(name)") ? "file" : "console")
                        json.member("settings", document.part(["routes", name]) ?? RawJSON("{}"))
                        json.array("targets") { list in
                            for target in route.targets {
                                list.object { json in
                                    json.member("model", target.model)
                                    json.member("weight", target.weight)
                                    // A route that names itself means the catalogue's model of that name.
                                    let places = target.model == name ? [] : world.directory.targets(of: target.model)
                                    json.array("deployments") { list in for place in places { list.element(place) } }
                                }
                            }
                        }
                    }
                }
            }
            json.array("aliases") { list in
                for (name, target) in settings.aliases.sorted(by: { $0.key < $1.key }) {
                    list.object { json in
                        json.member("name", name)
                        json.member("target", target)
                        json.member("origin", settings.origin.isInFile("aliases.\(name)") ? "file" : "console")
                        json.array("deployments") { list in
                            for place in world.directory.targets(of: name) { list.element(place) }
                        }
                    }
                }
            }
            json.array("problems") { list in for problem in world.directory.problems { list.element(problem) } }
        }
        return json.bytes
    }

    private struct Question: Sendable {
        var body: [UInt8] = []
        var wire = WireProtocol.openai
        var headers = HeaderFields()
    }

    private func dryRun(_ request: EndpointRequest) throws -> [UInt8] {
        let question = try Self.question(request.body)
        let name = request.variables["name"] ?? ""
        do throws(GatewayError) {
            let plan = try RoutePreview(world()).plan(
                for: question.body,
                in: question.wire,
                model: PercentEncoding.decoded(name[...]),
                headers: question.headers,
                at: clock.now(),
                uptime: clock.uptime()
            )
            var json = JSONWriter(capacity: 4_096)
            json.object { json in
                json.object("decision") { plan.decision.writeMembers(to: &$0) }
                json.array("fallbacks") { list in
                    for candidate in plan.fallbacks.general { list.element(candidate.deployment.id) }
                }
            }
            return json.bytes
        } catch {
            let fields = error.field.map { [FieldProblem("body.\($0)", error.message)] } ?? []
            throw EndpointError(
                error.code == .modelNotFound ? 404 : 422,
                error.code.rawValue,
                error.message,
                fields: fields
            )
        }
    }

    private static func question(_ body: [UInt8]) throws -> Question {
        do {
            return try JSONIndexer().read(body) { json in
                var question = Question()
                guard let inner = json["body"], inner.kind == .object else {
                    throw EndpointError(
                        422,
                        "invalid_fields",
                        "body: must be an object.",
                        fields: [FieldProblem("body", "must be an object")]
                    )
                }
                question.body = inner.rawJSON.bytes
                if let word = json["protocol"]?.string {
                    guard let wire = WireProtocol(rawValue: word) else {
                        let known = WireProtocol.allCases.map(\.rawValue).joined(separator: ", ")
                        throw EndpointError(
                            422,
                            "invalid_fields",
                            "protocol: must be one of \(known).",
                            fields: [FieldProblem("protocol", "must be one of \(known)")]
                        )
                    }
                    question.wire = wire
                }
                if let headers = json["headers"], headers.kind == .object {
                    for (name, value) in headers.members {
                        question.headers.append((name.string ?? "").lowercased(), value.string ?? "")
                    }
                }
                return question
            }
        } catch let error as JSONError {
            throw EndpointError(400, "malformed_json", "The body is not JSON: \(error).")
        }
    }
}

/// Which names lead to a place.
private struct Uses {
    private var aliases: [String: [String]] = [:]
    private var routes: [String: [String]] = [:]
    private var experiments: [String: [String]] = [:]

    init(_ settings: Settings, _ directory: Directory) {
        for name in settings.aliases.keys.sorted() {
            for place in Set(directory.targets(of: name)) { aliases[place, default: []].append(name) }
        }
        for name in settings.routes.keys.sorted() {
            for place in Set(directory.targets(of: name)) { routes[place, default: []].append(name) }
        }
        for (name, experiment) in settings.experiments.sorted(by: { $0.key < $1.key }) {
            for model in Set(experiment.models + experiment.arms.map(\.model)) {
                experiments[model, default: []].append(name)
            }
        }
    }

    func write(of model: ListedModel, to json: inout JSONWriter) {
        json.object("used_in") { json in
            json.array("aliases") { list in for name in aliases[model.target] ?? [] { list.element(name) } }
            json.array("routes") { list in for name in routes[model.target] ?? [] { list.element(name) } }
            json.array("experiments") { list in
                let names = Set((experiments[model.id] ?? []) + (experiments[model.target] ?? []))
                for name in names.sorted() { list.element(name) }
            }
        }
    }
}

extension ModelKind {
    /// What it takes and gives whatever else it can do.
    fileprivate var modalities: (input: [String], output: [String]) {
        switch self {
        case .chat, .completion, .moderation: (["text"], ["text"])
        case .embedding: (["text"], ["embedding"])
        case .rerank: (["text"], ["score"])
        case .image: (["text"], ["image"])
        case .transcription: (["audio"], ["text"])
        case .speech: (["text"], ["audio"])
        case .realtime: (["text", "audio"], ["text", "audio"])
        case .ocr: (["image", "pdf"], ["text"])
        }
    }
}
