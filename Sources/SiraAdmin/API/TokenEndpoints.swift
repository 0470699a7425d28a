import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// The tokens of users and service accounts.
struct TokenEndpoints: Sendable {
    let desk: ResourceDesk

    var all: [Endpoint] { [ResourceKind.user, .serviceAccount].flatMap { [list($0), create($0), revoke($0)] } }

    private func path(_ kind: ResourceKind) -> String { "/\(kind.path)/{id}/tokens" }
    private func tag(_ kind: ResourceKind) -> String { kind.rawValue + "s" }

    private static let properties: [(name: String, schema: JSONSchema)] = [
        ("id", .text(1...60)),
        ("name", .text(1...200)),
        ("hint", JSONSchema.text(1...40).described("What the token's text begins with.")),
        ("created_at", .time),
        ("expires_at", JSONSchema.time.orNull),
        ("revoked_at", JSONSchema.time.orNull),
    ]

    private func list(_ kind: ResourceKind) -> Endpoint {
        Endpoint(
            .get,
            path(kind),
            name: "list_\(kind.rawValue)_tokens",
            tag: tag(kind),
            "List the tokens of a \(kind.noun)",
            access: .holder(Permission(.tenants, .read)),
            answer: ResourceSchemas.page(of: .object(Self.properties))
        ) { [desk] request in
            let holder = ResourceReference(kind: kind, id: request.id)
            let tokens = try await desk.tokens(of: holder, for: request.author)
            return EndpointReply(ResourceEndpoints.page(tokens.map { Self.json($0) }, nil))
        }.with { $0.details = "All of them, the newest first, without their texts." }
    }

    private func create(_ kind: ResourceKind) -> Endpoint {
        Endpoint(
            .post,
            path(kind),
            name: "create_\(kind.rawValue)_token",
            tag: tag(kind),
            "Make a token for a \(kind.noun)",
            access: .holder(Permission(.tenants, .write)),
            answer: .object(
                Self.properties + [
                    (
                        "token",
                        JSONSchema.text(1...100).orNull
                            .described("The token's text; null where the answer is a repetition.")
                    )
                ]
            )
        ) { [desk] request in
            let holder = ResourceReference(kind: kind, id: request.id)
            let (token, text) = try await desk.createToken(for: holder, from: request.body, by: request.author)
            return EndpointReply(Self.json(token, text: .some(text.reveal())), kept: Self.json(token, text: .some(nil)))
        }.with {
            $0.details = "The answer has the token's text, which is shown this once and kept nowhere."
            $0.body = .fields(APITokenTerms.fields.map(\.outline), for: .make)
            $0.status = 201
        }
    }

    private func revoke(_ kind: ResourceKind) -> Endpoint {
        Endpoint(
            .delete,
            path(kind) + "/{token}",
            name: "revoke_\(kind.rawValue)_token",
            tag: tag(kind),
            "Refuse a token of a \(kind.noun) from now on",
            access: .holder(Permission(.tenants, .write)),
            answer: .object(Self.properties)
        ) { [desk] request in
            let holder = ResourceReference(kind: kind, id: request.id)
            let id = request.variables["token"] ?? ""
            return EndpointReply(Self.json(try await desk.revokeToken(id, of: holder, by: request.author)))
        }
    }

    /// - Parameter text: nil leaves it out, an inner nil says that it is not told again.
    private static func json(_ token: APIToken, text: String?? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("id", token.id)
            json.member("name", token.name)
            json.member("hint", "\(TokenText.prefix)\(token.fingerprint.lookup)…")
            json.member("created_at", token.createdAt.description)
            json.key("expires_at")
            json.element(token.expiresAt)
            json.key("revoked_at")
            json.element(token.revokedAt)
            if let text {
                if let text { json.member("token", text) } else { json.null("token") }
            }
        }
        return json.bytes
    }
}
