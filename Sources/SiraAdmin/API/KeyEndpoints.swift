import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// What there is for keys and budgets beside what there is for all resources.
struct KeyEndpoints: Sendable {
    let desk: ResourceDesk

    var all: [Endpoint] { [create, rotate, revoke, overrideBudget] }

    private var writing: Endpoint.Access { .holder(Permission(.keys, .write)) }
    private static let reason = JSONSchema.text(1...1_000).described("Why; the audit log keeps it.")

    private var create: Endpoint {
        Endpoint(
            .post,
            "/keys",
            name: "create_key",
            tag: "keys",
            "Make a key",
            access: writing,
            answer: issued
        ) { [desk] request in
            Self.reply(try await desk.createKey(from: request.body, by: request.author))
        }.with {
            $0.details = """
                The answer has the key's text, which is shown this once and kept nowhere. A repetition with the same \
                Idempotency-Key gets the same key without its text: rotate it to get one. Limits and the budget that \
                are asked for in the same request are made with the key or not at all.
                """
            $0.body = .named("NewKey")
            $0.status = 201
            $0.isVersioned = true
        }
    }

    private var rotate: Endpoint {
        Endpoint(
            .post,
            "/keys/{id}/rotate",
            name: "rotate_key",
            tag: "keys",
            "Give a key a new text",
            access: writing,
            answer: issued
        ) { [desk] request in
            let order = try RotationOrder.read(from: request.body)
            let issued = try await desk.rotateKey(
                request.id,
                grace: .seconds(order.grace),
                version: request.version,
                by: request.author
            )
            return Self.reply(issued)
        }.with {
            $0.details = "The text used so far is honoured for a while beside the new one, which is shown this once."
            $0.body = .fields(RotationOrder.fields.map(\.outline), for: .make)
            $0.isBodyOptional = true
            $0.isVersioned = true
        }
    }

    private var revoke: Endpoint {
        Endpoint(
            .post,
            "/keys/{id}/revoke",
            name: "revoke_key",
            tag: "keys",
            "Refuse a key from now on, for good",
            access: writing,
            answer: .named("Key")
        ) { [desk] request in
            var author = request.author
            author.reason = try ReasonOrder.read(from: request.body).reason
            let kept = try await desk.revokeKey(request.id, version: request.version, by: author)
            return EndpointReply(kept.json, version: kept.version)
        }.with {
            $0.body = .fields(ReasonOrder.fields.map(\.outline), for: .make)
            $0.isVersioned = true
        }
    }

    private var overrideBudget: Endpoint {
        Endpoint(
            .post,
            "/budgets/{id}/override",
            name: "override_budget",
            tag: "budgets",
            "Allow more money for a while",
            access: .holder(Permission(.limits, .write)),
            answer: .named("Budget")
        ) { [desk] request in
            let kept = try await desk.overrideBudget(
                request.id,
                with: request.body,
                version: request.version,
                by: request.author
            )
            return EndpointReply(kept.json, version: kept.version)
        }.with {
            $0.details = "In place of an earlier one; `PATCH` with `\"override\": null` ends it."
            $0.body = .fields(BudgetOverride.fields.map(\.outline), for: .make)
            $0.isVersioned = true
        }
    }

    /// The key as it is told otherwise, with its text and what was made with it.
    private var issued: JSONSchema {
        let type = ResourceType.all.first { $0.kind == .key }
        let properties: [(name: String, schema: JSONSchema)] = type.map { ResourceSchemas($0).properties } ?? []
        return .object(
            properties + [
                (
                    "key",
                    JSONSchema.text(1...100).orNull.described("The key's text; null where the answer is a repetition.")
                ),
                (
                    "made",
                    JSONSchema.list(.object([("kind", .word(["limit", "budget"])), ("id", .text(1...60))]))
                        .described("The limits and the budget that were made with it.")
                ),
            ]
        )
    }

    private static func reply(_ issued: IssuedResource) -> EndpointReply {
        EndpointReply(
            json(issued, text: issued.text.reveal()),
            version: issued.kept.version,
            kept: json(issued, text: nil)
        )
    }

    private static func json(_ issued: IssuedResource, text: String?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            issued.kept.write(to: &json)
            if let text { json.member("key", text) } else { json.null("key") }
            json.array("made") { list in
                for companion in issued.companions {
                    list.object {
                        $0.member("kind", companion.kind.rawValue)
                        $0.member("id", companion.id)
                    }
                }
            }
        }
        return json.bytes
    }
}

/// How a key is to be rotated.
struct RotationOrder: FieldGroup {
    /// In seconds.
    var grace = 86_400

    static var fields: [GroupField<Self>] {
        GroupField(
            "grace_seconds",
            \.grace,
            .integer(0...7_776_000),
            "How long the text used so far is honoured; a day without it, and 0 refuses it at once."
        )
    }
}

/// Why something is done.
struct ReasonOrder: FieldGroup {
    var reason = ""

    static var fields: [GroupField<Self>] {
        GroupField("reason", \.reason, .text(1...1_000), isRequired: true, "Why; the audit log keeps it.")
    }
}

extension FieldGroup {
    /// Reads a body.
    static func read(from body: [UInt8]) throws -> Self {
        do {
            return try JSONIndexer().read(body) { try Self.read($0) }
        } catch let error as JSONError {
            throw DeskError.malformed(error.description)
        } catch let problems as FieldProblems {
            throw DeskError.invalid(problems)
        }
    }
}
