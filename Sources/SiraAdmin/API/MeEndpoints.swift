import SiraJSON
import SiraStorage
import SiraTenancy

/// What callers may do, and what roles there are.
enum MeEndpoints {
    static var all: [Endpoint] { [me, roles] }

    private static let permissions = JSONSchema.list(.word(Permission.all.map(\.description).sorted()))

    private static var me: Endpoint {
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
                    JSONSchema.list(.object([("scope", .text()), ("permissions", permissions)]))
                        .described("What they may do, and within which tenant.")
                ),
            ])
        ) { request in
            var json = JSONWriter()
            json.object { json in
                json.member("actor", request.author.actor)
                json.array("grants") { list in
                    for place in request.author.authority.places {
                        list.object { json in
                            json.member("scope", place.scope.description)
                            write(place.permissions, to: &json)
                        }
                    }
                }
            }
            return EndpointReply(json.bytes)
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
