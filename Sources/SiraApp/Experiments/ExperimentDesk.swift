import SiraAdmin
import SiraConfiguration
import SiraExperiments
import SiraJSON
import SiraStorage
import SiraTenancy
import Synchronization

/// Begins and ends experiments by changing the configuration.
struct ExperimentDesk: Sendable {
    let configuration: ConfigurationDesk
    let settings: @Sendable () -> Settings

    var source: ExperimentSource {
        ExperimentSource(
            create: { try await create($0) },
            stop: { try await stop($0) },
            promote: { try await promote($0) }
        )
    }

    private func create(_ request: EndpointRequest) async throws -> EndpointReply {
        let order = try Order(request)
        guard let name = order.name else { throw Self.problem("name", "is missing") }
        return try await change("experiment.create", name, order) {
            guard settings().experiments[name] == nil else {
                throw EndpointError(
                    409,
                    "already_exists",
                    "There is an experiment \(name.prefix(100)) already.",
                    fields: [FieldProblem("name", "another experiment has the same")]
                )
            }
            var patch = JSONWriter()
            patch.object { json in
                json.object("experiments") { json in
                    json.key(dynamic: name)
                    json.element(RawJSON(bytes: order.fields))
                }
            }
            return Draft(patch: patch.bytes)
        }
    }

    private func stop(_ request: EndpointRequest) async throws -> EndpointReply {
        let (order, name) = (try Order(request), request.id)
        return try await change("experiment.stop", name, order) {
            _ = try experiment(name)
            var patch = JSONWriter()
            patch.object { $0.object("experiments") { Self.null(name, in: &$0) } }
            return Draft(patch: patch.bytes)
        }
    }

    private func promote(_ request: EndpointRequest) async throws -> EndpointReply {
        let (order, name) = (try Order(request), request.id)
        return try await change("experiment.promote", name, order) { try promotion(of: name, order) }
    }

    private func promotion(of name: String, _ order: Order) throws -> Draft {
        let experiment = try experiment(name)
        let place = order.arm ?? 1
        guard experiment.arms.indices.contains(place) else {
            throw Self.problem("arm", "must be from 0 to \(experiment.arms.count - 1)")
        }
        let (winner, settings) = (experiment.arms[place].model, settings())
        // A name that is the winner's own leads there without the experiment.
        let others = experiment.models.filter { $0 != winner }
        if let own = others.first(where: { settings.models[$0] != nil }) {
            let message =
                "\(own) is described in models and cannot become another name of \(winner): stop the experiment, and "
                + "change models.\(own) or the name that programs ask for."
            throw EndpointError(409, "unfit_state", message)
        }
        let (routes, names) = (
            others.filter { settings.routes[$0] != nil }, others.filter { settings.routes[$0] == nil }
        )
        var patch = JSONWriter()
        patch.object { json in
            json.object("experiments") { Self.null(name, in: &$0) }
            if !names.isEmpty {
                json.object("aliases") { json in
                    for name in names {
                        json.key(dynamic: name)
                        json.element(winner)
                    }
                }
            }
            guard !routes.isEmpty else { return }
            json.object("routes") { json in
                for name in routes {
                    json.key(dynamic: name)
                    json.object { json in
                        json.array("targets") { $0.element(winner) }
                        // There is nothing to choose any more.
                        for choice in ["rules", "strategy", "sticky_by", "blend"] { Self.null(choice, in: &json) }
                    }
                }
            }
        }
        return Draft(patch: patch.bytes, winner: winner)
    }

    // MARK: what all of them need

    /// What the configuration is to become.
    private struct Draft {
        var patch: [UInt8]
        /// The model or route that a promotion makes the only one.
        var winner: String?
    }

    private func experiment(_ name: String) throws -> ExperimentSettings {
        guard let experiment = settings().experiments[name] else {
            throw DeskError.missing(kind: "experiment", id: name)
        }
        return experiment
    }

    /// - Parameter draft: is asked when no other change is under way, so that what it looks at still holds.
    private func change(
        _ action: String,
        _ name: String,
        _ order: Order,
        to draft: @escaping @Sendable () throws -> Draft
    ) async throws -> EndpointReply {
        let winner = Mutex<String?>(nil)
        let version = try await ConfigurationDesk.told {
            try await configuration.change(action, of: name, base: order.base, by: order.author) { layer in
                let draft = try draft()
                winner.withLock { $0 = draft.winner }
                let change = ConfigurationChange(patch: draft.patch, author: order.author)
                return try configuration.proposal(change, upon: layer)
            }
        }
        var json = JSONWriter()
        json.object { json in
            json.member("name", name)
            json.member("version", version)
            if let winner = winner.withLock({ $0 }) { json.member("model", winner) }
        }
        return EndpointReply(json.bytes, version: version)
    }

    private static func null(_ name: String, in json: inout JSONWriter) {
        json.key(dynamic: name)
        json.null()
    }

    fileprivate static func problem(_ field: String, _ message: String) -> EndpointError {
        EndpointError(422, "invalid_fields", "\(field): \(message).", fields: [FieldProblem(field, message)])
    }

    /// What somebody wants.
    private struct Order: Sendable {
        var name: String?
        var arm: Int?
        /// The fields of the experiment in the configuration, as JSON.
        var fields: [UInt8] = []
        var author: Author
        var base: Int64?

        init(_ request: EndpointRequest) throws {
            (author, base) = (request.author, request.version)
            guard !request.body.isEmpty else { return }
            do {
                try JSONIndexer().read(request.body) { json in
                    guard json.kind == .object else {
                        throw EndpointError(400, "malformed_json", "The body must be a JSON object.")
                    }
                    var writer = JSONWriter()
                    try writer.object { writer in
                        for (key, value) in json.members {
                            switch key.string ?? "" {
                            case "name": name = value.string
                            case "arm":
                                guard let number = value.integer, (0...19).contains(number) else {
                                    throw ExperimentDesk.problem("arm", "must be a whole number from 0 to 19")
                                }
                                arm = Int(number)
                            case "reason":
                                guard let text = value.string, text.utf8.count <= 500 else {
                                    throw ExperimentDesk.problem("reason", "must be a text of at most 500 bytes")
                                }
                                if !text.isEmpty { author.reason = text }
                            case let field:
                                writer.key(dynamic: field)
                                writer.element(value)
                            }
                        }
                    }
                    fields = writer.bytes
                }
            } catch let error as JSONError {
                throw EndpointError(400, "malformed_json", "The body is not JSON: \(error).")
            }
        }
    }
}
