import SiraJSON
import SiraStorage
import SiraTenancy

/// Lists, makes, shows, changes and removes resources of one kind.
struct ResourceEndpoints: Sendable {
    let type: ResourceType
    let desk: ResourceDesk

    private var kind: ResourceKind { type.kind }
    private var path: String { "/\(kind.path)" }
    private var plural: String { kind.rawValue + "s" }
    private var schema: JSONSchema { .named(ResourceSchemas(type).name) }
    private var schemaName: String { ResourceSchemas(type).name }
    private var reading: Endpoint.Access { .holder(Permission(kind.area, .read)) }
    private var writing: Endpoint.Access { .holder(Permission(kind.area, .write)) }

    /// Keys are made with their text and never removed; the rest of them is like others.
    var all: [Endpoint] { kind == .key ? [list, show, change] : [list, create, show, change, remove] }

    private var list: Endpoint {
        Endpoint(
            .get,
            path,
            name: "list_\(plural)",
            tag: plural,
            "List \(kind.noun)s",
            access: reading,
            answer: ResourceSchemas.page(of: schema)
        ) { [desk, kind, filters] request in
            var query = ResourceQuery(kind)
            query.limit = request.limit
            query.after = request.query["after"]
            query.fields = request.query.filter { filters.contains($0.key) }
            let page = try await desk.page(query, for: request.author)
            return EndpointReply(Self.page(page.items.map(\.json), page.hasMore ? page.items.last?.id : nil))
        }.with {
            $0.details = "The newest first."
            $0.parameters =
                [.limit, EndpointParameter("after", .reference(kind), "Only what comes after this one.")]
                + filterParameters
        }
    }

    private var filters: Set<String> { Set(filterParameters.map(\.name)) }

    /// One for each field that is a single value and no secret.
    private var filterParameters: [EndpointParameter] {
        type.outlines.compactMap { outline in
            guard !outline.isSecret, !["limit", "after"].contains(outline.name) else { return nil }
            switch outline.shape {
            case .list, .object: return nil
            default:
                return EndpointParameter(outline.name, outline.shape, "Only those with this value of \(outline.name).")
            }
        }
    }

    private var create: Endpoint {
        Endpoint(
            .post,
            path,
            name: "create_\(kind.rawValue)",
            tag: plural,
            "Make a \(kind.noun)",
            access: writing,
            answer: schema
        ) { [desk, kind] request in
            let kept = try await desk.create(kind, from: request.body, by: request.author)
            return EndpointReply(kept.json, version: kept.version)
        }.with {
            $0.details = type.summary
            $0.body = .named("New\(schemaName)")
            $0.status = 201
            $0.isVersioned = true
        }
    }

    private var show: Endpoint {
        Endpoint(
            .get,
            path + "/{id}",
            name: "get_\(kind.rawValue)",
            tag: plural,
            "Show a \(kind.noun)",
            access: reading,
            answer: schema
        ) { [desk, kind] request in
            let kept = try await desk.resource(kind, request.id, for: request.author)
            return EndpointReply(kept.json, version: kept.version)
        }.with { $0.isVersioned = true }
    }

    private var change: Endpoint {
        Endpoint(
            .patch,
            path + "/{id}",
            name: "update_\(kind.rawValue)",
            tag: plural,
            "Change a \(kind.noun)",
            access: writing,
            answer: schema
        ) { [desk, kind] request in
            let kept = try await desk.change(
                kind,
                request.id,
                with: request.body,
                version: request.version,
                by: request.author
            )
            return EndpointReply(kept.json, version: kept.version)
        }.with {
            $0.details = "A merge patch (RFC 7396): fields that are there replace, null takes away."
            $0.body = .named("\(schemaName)Change")
            $0.isVersioned = true
        }
    }

    private var remove: Endpoint {
        Endpoint(
            .delete,
            path + "/{id}",
            name: "delete_\(kind.rawValue)",
            tag: plural,
            "Remove a \(kind.noun)",
            access: writing,
            answer: nil
        ) { [desk, kind] request in
            try await desk.remove(kind, request.id, version: request.version, by: request.author)
            return EndpointReply()
        }.with {
            $0.details = "Refused as long as others name it."
            $0.status = 204
            $0.isVersioned = true
        }
    }

    /// A page of objects.
    static func page(_ items: [[UInt8]], _ next: String?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.array("data") { list in
                for item in items { list.element(RawJSON(bytes: item)) }
            }
            json.member("has_more", next != nil)
            if let next { json.member("next", next) } else { json.null("next") }
        }
        return json.bytes
    }
}
