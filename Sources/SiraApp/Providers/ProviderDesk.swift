import SiraAdmin
import SiraCatalog
import SiraConfiguration
import SiraCore
import SiraHealth
import SiraJSON
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

/// Shows providers, and makes, changes, removes and tries those of the console.
struct ProviderDesk: Sendable {
    let configuration: ConfigurationDesk
    let world: @Sendable () -> World
    let settings: @Sendable () -> Settings
    let health: HealthControl
    let rollups: any RollupStore
    let clock: GatewayClock

    var source: ProviderSource {
        ProviderSource(
            list: { _ in EndpointReply(try await list()) },
            catalog: { _ in EndpointReply(catalog()) },
            create: { try await create($0) },
            change: { try await change($0) },
            remove: { try await remove($0) },
            test: { try await test($0) },
            testDraft: { try await testDraft($0) }
        )
    }

    // MARK: changes

    private func create(_ request: EndpointRequest) async throws -> EndpointReply {
        let draft = try Self.draft(request.body)
        guard let id = draft.id else {
            throw EndpointError(
                422,
                "invalid_fields",
                "id: is missing.",
                fields: [FieldProblem("id", "is missing")]
            )
        }
        try await change(id, "provider.create", draft.fields, request) {
            guard let origin = origin(of: id) else { return }
            throw EndpointError(
                409,
                "already_exists",
                "There is a provider \(id.prefix(100)) already (\(origin.rawValue)).",
                fields: [FieldProblem("id", "another provider has the same")]
            )
        }
        return try await reply(id)
    }

    private func change(_ request: EndpointRequest) async throws -> EndpointReply {
        let draft = try Self.draft(request.body)
        let id = request.id
        guard draft.id == nil || draft.id == id else {
            throw EndpointError(
                422,
                "invalid_fields",
                "id: cannot be changed.",
                fields: [FieldProblem("id", "cannot be changed")]
            )
        }
        try await change(id, "provider.update", draft.fields, request) { try checkOwn(id) }
        return try await reply(id)
    }

    /// - Parameter check: is done when no other change is under way, so that what it finds still holds.
    private func change(
        _ id: String,
        _ action: String,
        _ fields: [UInt8],
        _ request: EndpointRequest,
        after check: @escaping @Sendable () throws -> Void
    ) async throws {
        let patch = Self.patch(id, fields)
        let change = ConfigurationChange(patch: patch, author: request.author)
        _ = try await ConfigurationDesk.told {
            try await configuration.change(action, of: id, base: request.version, by: request.author) { layer in
                try check()
                return try configuration.proposal(change, upon: layer)
            }
        }
    }

    private func remove(_ request: EndpointRequest) async throws -> EndpointReply {
        let id = request.id
        _ = try await ConfigurationDesk.told {
            try await configuration.change(
                "provider.delete",
                of: id,
                base: request.version,
                by: request.author
            ) { layer in
                try checkOwn(id)
                return try configuration.proposal(layer.removing(["providers", id]))
            }
        }
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("deleted", true)
        }
        return EndpointReply(json.bytes)
    }

    /// Refuses where the provider cannot be changed.
    private func checkOwn(_ id: String) throws {
        switch origin(of: id) {
        case .console: return
        case nil: throw DeskError.missing(kind: "provider", id: id)
        case .file:
            throw EndpointError(409, "unfit_state", "The provider \(id) is in the configuration file; change it there.")
        case .environment:
            throw EndpointError(409, "unfit_state", "The provider \(id) comes from the environment; change it there.")
        }
    }

    /// Who made the provider; nil where there is none.
    func origin(of id: String) -> SettingsDocument.Source? {
        let settings = settings()
        if settings.origin.isInFile("providers.\(id)") { return .file }
        if settings.providers[id] != nil { return .console }
        return world().accesses.contains { $0.name == id } ? .environment : nil
    }

    // MARK: trials

    private func test(_ request: EndpointRequest) async throws -> EndpointReply {
        let draft = try Self.draft(request.body)
        guard let access = world().accesses.first(where: { $0.name == request.id }) else {
            throw DeskError.missing(kind: "provider in use", id: request.id)
        }
        return try await verdict(on: access, in: world(), draft)
    }

    private func testDraft(_ request: EndpointRequest) async throws -> EndpointReply {
        let draft = try Self.draft(request.body)
        guard let id = draft.id else {
            throw EndpointError(422, "invalid_fields", "id: is missing.", fields: [FieldProblem("id", "is missing")])
        }
        if origin(of: id) != nil { try checkOwn(id) }
        let change = ConfigurationChange(patch: Self.patch(id, draft.fields), author: request.author)
        let (_, layer) = try await configuration.current()
        let world = try await ConfigurationDesk.told { try configuration.proposal(change, upon: layer).world }
        guard let access = world.accesses.first(where: { $0.name == id }) else {
            throw EndpointError(409, "unfit_state", "The provider \(id) is not enabled.")
        }
        return try await verdict(on: access, in: world, draft)
    }

    private func verdict(on access: ProviderAccess, in world: World, _ draft: Draft) async throws -> EndpointReply {
        let wanted = draft.model ?? settings().providers[access.name]?.models.first
        let model: @Sendable ([String]?) -> Deployment? = { offered in
            guard draft.calls else { return nil }
            let name =
                wanted
                ?? CurrentModel.choice(of: access, from: world.directory.listed, world.catalog, offered: offered)
                ?? draft.models.first
            let plan = name.flatMap {
                try? world.directory.plan(for: "\(access.name)/\($0)", operation: access.wire.conversation)
            }
            return plan?.candidates.first?.deployment
        }
        let trial = ProviderTrial(access: access, model: model, environment: configuration.environment)
        return EndpointReply(await trial.run().json)
    }

    // MARK: bodies

    /// What somebody sent about a provider.
    struct Draft: Sendable {
        var id: String?
        /// The fields of its entry in the configuration, as JSON.
        var fields: [UInt8]
        var model: String?
        var models: [String] = []
        var calls = true
    }

    private static func draft(_ body: [UInt8]) throws -> Draft {
        do {
            return try JSONIndexer().read(body) { json in
                guard json.kind == .object else {
                    throw EndpointError(400, "malformed_json", "The body must be a JSON object.")
                }
                var draft = Draft(fields: [])
                var writer = JSONWriter()
                writer.object { writer in
                    for (key, value) in json.members {
                        switch key.string ?? "" {
                        case "id": draft.id = value.string ?? ""
                        case "model": draft.model = value.string
                        case "call": draft.calls = value.bool ?? true
                        case "kind":
                            writer.key("protocol")
                            writer.element(value)
                        case let name:
                            if name == "models" { draft.models = value.elements.compactMap(\.string) }
                            writer.key(dynamic: name)
                            writer.element(value)
                        }
                    }
                }
                draft.fields = writer.bytes
                return draft
            }
        } catch let error as JSONError {
            throw EndpointError(400, "malformed_json", "The body is not JSON: \(error).")
        }
    }

    private static func patch(_ id: String, _ fields: [UInt8]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.object("providers") { json in
                json.key(dynamic: id)
                json.element(RawJSON(bytes: fields))
            }
        }
        return json.bytes
    }
}
