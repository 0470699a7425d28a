import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Links to reports for those who do not sign in.
struct ReportShareEndpoints: Sendable {
    let sharing: ReportSharing

    private static let tag = "reports"
    private static let access = Endpoint.Access.holder(Permission(.usage, .read))

    var all: [Endpoint] { [share, list, revoke, open] }

    private static let kept: [(name: String, schema: JSONSchema)] = [
        ("id", .text(1...60)),
        ("title", .text(1...200)),
        ("by", JSONSchema.text(1...200).described("Who shared it, as in the trail.")),
        ("created_at", .time),
        ("expires_at", .time),
        ("opened", JSONSchema.integer().described("How often it was opened.")),
        ("opened_at", JSONSchema.time.orNull),
    ]

    private static func write(
        _ id: String,
        _ kept: KeptShare,
        _ openings: KeptOpenings,
        to json: inout JSONWriter
    ) {
        json.member("id", id)
        json.member("title", kept.title)
        json.member("by", kept.by)
        json.member("created_at", kept.createdAt.description)
        json.member("expires_at", kept.expiresAt.description)
        json.member("opened", openings.count)
        json.key("opened_at")
        if let time = openings.lastAt { json.element(time.description) } else { json.null() }
    }

    private var share: Endpoint {
        Endpoint(
            .post,
            "/reports/shares",
            name: "share_report",
            tag: Self.tag,
            "Make a link to a report",
            access: Self.access,
            answer: .object(
                Self.kept + [("path", JSONSchema.text(1...200).described("The link, from the console's address on."))]
            )
        ) { [sharing] request in
            let share = try ReportShare.read(from: request.body)
            let (token, id, kept) = try await sharing.share(
                share,
                by: request.author,
                admin: request.caller.adminToken
            )
            var json = JSONWriter()
            json.object { json in
                Self.write(id, kept, KeptOpenings(), to: &json)
                // Behind the number sign, so that no server on the way writes it into its log.
                json.member("path", "/shared#\(token.reveal())")
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.details = """
                Whoever has the link reads the answers to these questions, and nothing else, until it expires or is taken \
                back: as they are when it is opened, and as far as the one who shares it may read them now. It is good as \
                long as they still may, and of the admin token as long as that is in force; who has neither account nor \
                token cannot share (`account_needed`). Nothing of end users is shared. One has 50 links at most. The link \
                is shown this once.
                """
            $0.status = 201
            $0.body = .fields(ReportShare.fields.map(\.outline), for: .make)
            $0.isRepeatable = false
        }
    }

    private var list: Endpoint {
        Endpoint(
            .get,
            "/reports/shares",
            name: "list_report_shares",
            tag: Self.tag,
            "List the links to reports that are good",
            access: Self.access,
            answer: .object([("data", .list(.object(Self.kept)))])
        ) { [sharing] request in
            let shares = try await sharing.list(for: request.author)
            var json = JSONWriter()
            json.object { json in
                json.array("data") { list in
                    for share in shares { list.object { Self.write(share.id, share.share, share.openings, to: &$0) } }
                }
            }
            return EndpointReply(json.bytes)
        }.with { $0.details = "One's own; those who may change tenants of the whole gateway see everybody's." }
    }

    private var revoke: Endpoint {
        Endpoint(
            .delete,
            "/reports/shares/{id}",
            name: "revoke_report_share",
            tag: Self.tag,
            "Take a link to a report back",
            access: Self.access,
            answer: nil
        ) { [sharing] request in
            try await sharing.revoke(request.id, by: request.author)
            return EndpointReply()
        }.with { $0.status = 204 }
    }

    private var open: Endpoint {
        Endpoint(
            .post,
            "/reports/shared",
            name: "open_shared_report",
            tag: Self.tag,
            "Read a report that was shared",
            access: .open,
            answer: .object([
                ("title", .text(1...200)),
                ("view", .text(0...64_000)),
                ("by", JSONSchema.text(1...200).described("The name of who shared it.")),
                ("expires_at", .time),
                ("answers", JSONSchema.list(.anything).described("In the order of the questions.")),
            ])
        ) { [sharing] request in
            let token = try ShareToken.read(from: request.body).token
            guard
                let shared = try await sharing.open(
                    token,
                    from: request.author.address,
                    admin: request.caller.adminToken
                )
            else {
                throw EndpointError(404, "not_shared", "The link has expired, was taken back, or is not whole.")
            }
            var json = JSONWriter()
            json.object { json in
                json.member("title", shared.share.title)
                json.member("view", shared.share.view)
                json.member("by", shared.name)
                json.member("expires_at", shared.kept.expiresAt.description)
                json.array("answers") { list in
                    for answer in shared.answers { list.element(RawJSON(bytes: answer)) }
                }
            }
            return EndpointReply(json.bytes)
        }.with {
            $0.body = .fields(ShareToken.fields.map(\.outline), for: .make)
            $0.bodyLimit = 4_096
            $0.isRepeatable = false
            $0.moreRefusals = [404, 429]
        }
    }
}
