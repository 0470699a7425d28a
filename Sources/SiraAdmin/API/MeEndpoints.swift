import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// Who callers are, what they may do, and what roles there are.
struct MeEndpoints: Sendable {
    let desk: ResourceDesk
    /// Who signs in; nil where nobody can.
    let identity: Identity?
    let api: @Sendable () -> APIAddress

    var all: [Endpoint] { [me, Self.roles] }

    private static let permissions = JSONSchema.list(.word(Permission.all.map(\.description).sorted()))

    private static let person = JSONSchema.object([
        ("id", .text(1...60)), ("name", .text(1...200)), ("email", .text(3...254)),
    ])

    /// How somebody who is signed in does so.
    private static let account = JSONSchema.object([
        ("has_password", .boolean),
        ("has_second_factor", .boolean),
        ("recovery_codes", JSONSchema.integer(0...100).described("How many are left.")),
        ("preferences", .fields(AccountPreferences.fields.map(\.outline), for: .show)),
    ])

    private var me: Endpoint {
        Endpoint(
            .get,
            "/me",
            name: "get_me",
            tag: "me",
            "Tell who asks and what they may do",
            access: .anyone,
            answer: .object([
                ("actor", JSONSchema.text().described("Who, as the audit log names them.")),
                (
                    "grants",
                    JSONSchema.list(.object([("scope", .text()), ("permissions", Self.permissions)]))
                        .described("What they may do, and within which tenant.")
                ),
                ("permissions", Self.permissions.described("What they may do somewhere.")),
                ("sign_in", .word(["session", "token", "local", "admin-token", "command"])),
                ("session", JSONSchema.text(1...60).orNull.described("The id of the session.")),
                ("user", Self.person.orNull.described("The user; null for all other callers.")),
                ("roles", .list(.fields(RoleBinding.fields.map(\.outline), for: .show))),
                ("account", Self.account.orNull.described("How the user signs in; null where they do not.")),
                ("api", APIAddress.outline.described("Where clients reach the API of models.")),
            ])
        ) { [self] request in
            EndpointReply(try await tell(of: request.author))
        }
    }

    private func tell(of author: Author) async throws -> [UInt8] {
        let id = author.actor.hasPrefix("user:") ? String(author.actor.dropFirst(5)) : ""
        let book = try await desk.book()
        let user = book.users[id]
        let account = try await identity?.accounts.account(of: id)
        let codes = account == nil ? 0 : try await identity?.accounts.recoveryCodes(of: id) ?? 0
        let service = author.actor.hasPrefix("service_account:") ? String(author.actor.dropFirst(16)) : ""
        let roles = user?.roles ?? book.serviceAccounts[service]?.roles ?? []
        var json = JSONWriter()
        json.object { json in
            json.member("actor", author.actor)
            json.array("grants") { list in
                for place in author.authority.places {
                    list.object { json in
                        json.member("scope", place.scope.description)
                        Self.write(place.permissions, to: &json)
                    }
                }
            }
            Self.write(author.authority.places.reduce(into: []) { $0.formUnion($1.permissions) }, to: &json)
            json.member("sign_in", Self.way(author))
            json.key("session")
            if let session = author.session { json.element(session) } else { json.null() }
            json.key("user")
            if let user { Self.write(id, user, to: &json) } else { json.null() }
            json.array("roles") { list in
                for role in roles { list.object { role.write(to: &$0, showingSecrets: false) } }
            }
            json.key("account")
            if let account { Self.write(account, codes, to: &json) } else { json.null() }
            json.key("api")
            api().write(to: &json)
        }
        return json.bytes
    }

    private static func way(_ author: Author) -> String {
        if author.session != nil { return "session" }
        switch author.actor {
        case "local": return "local"
        case "token:admin": return "admin-token"
        default: return author.actor.hasPrefix("command:") ? "command" : "token"
        }
    }

    private static func write(_ id: String, _ user: User, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("name", user.name)
            json.member("email", user.email)
        }
    }

    private static func write(_ account: SignInAccount, _ codes: Int, to json: inout JSONWriter) {
        json.object { json in
            json.member("has_password", account.password != nil)
            json.member("has_second_factor", account.hasSecondFactor)
            json.member("recovery_codes", codes)
            json.object("preferences") { account.preferences.write(to: &$0, showingSecrets: false) }
        }
    }

    private static var roles: Endpoint {
        Endpoint(
            .get,
            "/built-in-roles",
            name: "list_built_in_roles",
            tag: "roles",
            "List the roles that come with the gateway",
            access: .anyone,
            answer: .object([
                ("data", .list(.object([("name", .text()), ("permissions", permissions)])))
            ])
        ) { _ in
            var json = JSONWriter()
            json.object { json in
                json.array("data") { list in
                    for role in BuiltInRole.allCases {
                        list.object { json in
                            json.member("name", role.rawValue)
                            write(role.permissions, to: &json)
                        }
                    }
                }
            }
            return EndpointReply(json.bytes)
        }
    }

    private static func write(_ permissions: Set<Permission>, to json: inout JSONWriter) {
        json.array("permissions") { list in
            for permission in permissions.map(\.description).sorted() { list.element(permission) }
        }
    }
}
