import SiraAdmin
import SiraCore
import SiraIdentity
import SiraJSON
import SiraStorage
import SiraTenancy

/// Who is signed in, and ending that.
struct SessionEndpoints: Sendable {
    let identity: Identity

    var all: [Endpoint] { [list, end] }

    private static let session = JSONSchema.object([
        ("id", .text(1...60)),
        ("current", JSONSchema.boolean.described("Whether it is the one that asks.")),
        ("user", .object([("id", .text(1...60)), ("name", .text(0...200)), ("email", .text(0...254))])),
        ("method", JSONSchema.text(1...100).described("How they signed in.")),
        ("address", .text(0...100)),
        ("agent", .text(0...1_000)),
        ("created_at", .time),
        ("seen_at", .time),
        ("expires_at", .time),
    ])

    private var list: Endpoint {
        Endpoint(
            .get,
            "/sessions",
            name: "list_sessions",
            tag: SignInEndpoints.tag,
            "List who is signed in",
            access: .anyone,
            answer: .object([("sessions", .list(Self.session))])
        ) { [identity] request in
            let author = request.author
            let seesAll = request.query["all"] == "true"
            let permission = Permission(.tenants, .write)
            guard !seesAll || author.authority.allows(permission, in: [.gateway]) else {
                throw EndpointError(403, "forbidden", "To see those of others needs the permission \(permission).")
            }
            let own = author.actor.hasPrefix("user:") ? String(author.actor.dropFirst(5)) : ""
            let sessions = seesAll || !own.isEmpty ? try await identity.sessions(of: seesAll ? nil : own) : []
            let users = try await identity.desk.book().users
            var json = JSONWriter()
            json.object { json in
                json.array("sessions") { list in
                    for session in sessions {
                        list.object { Self.write(session, users[session.user], author.session, to: &$0) }
                    }
                }
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = "The caller's own, or all of them; at most 500, the one that was used last first."
            $0.parameters = [
                EndpointParameter("all", .boolean, "Whether to show those of others too; needs `tenants:write`.")
            ]
            $0.moreRefusals = [403]
        }
    }

    private static func write(_ session: WebSession, _ user: User?, _ current: String?, to json: inout JSONWriter) {
        json.member("id", session.id)
        json.member("current", session.id == current)
        json.object("user") { json in
            json.member("id", session.user)
            json.member("name", user?.name ?? "")
            json.member("email", user?.email ?? "")
        }
        json.member("method", session.method)
        json.member("address", session.address)
        json.member("agent", session.agent)
        json.member("created_at", session.createdAt.description)
        json.member("seen_at", session.seenAt.description)
        json.member("expires_at", session.expiresAt.description)
    }

    private var end: Endpoint {
        Endpoint(
            .delete,
            "/sessions/{id}",
            name: "end_session",
            tag: SignInEndpoints.tag,
            "End a session",
            access: .anyone,
            answer: nil
        ) { [identity] request in
            try await identity.endSession(request.id, by: request.author, from: SignInPlace(request.caller))
            return EndpointReply()
        }.with {
            $0.details = "One's own, or that of somebody who may do no more than the caller."
            $0.status = 204
        }
    }
}
