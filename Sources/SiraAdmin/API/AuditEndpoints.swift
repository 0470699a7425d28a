import SiraCore
import SiraJSON
import SiraStorage
import SiraTenancy

/// Who changed what.
struct AuditEndpoints: Sendable {
    let audit: any AuditStore

    var all: [Endpoint] { [list, verify] }

    private var access: Endpoint.Access { .gateway(Permission(.audit, .read)) }
    private static let time = FieldShape.text(length: 10...35, format: "date-time")
    private static let text = FieldShape.text(length: 1...200, format: nil)

    private static let entry = JSONSchema.object([
        ("number", .integer(1...Int64.max)),
        ("at", .time),
        (
            "actor",
            JSONSchema.text().described("Who: `token:admin`, `local`, `user:…`, `service_account:…`, `command:…`.")
        ),
        ("address", JSONSchema.text().described("From where; empty where that is not known.")),
        ("action", JSONSchema.text().described("Kind and verb, such as `team.create`.")),
        ("subject", JSONSchema.text().described("The id of what it was done to.")),
        ("changes", JSONSchema.map(of: .list(.anything, 2...2)).described("Field → [before, after], without secrets.")),
        ("reason", .text(0...10_000)),
        ("digest", JSONSchema.text(64...64).described("SHA-256 of the line and the digest of the one before.")),
    ])

    private var list: Endpoint {
        Endpoint(
            .get,
            "/audit",
            name: "list_audit_entries",
            tag: "audit",
            "List what was changed, by whom and why",
            access: access,
            answer: ResourceSchemas.page(of: Self.entry)
        ) { [audit] request in
            var filter = AuditFilter()
            filter.since = request.query["since"].flatMap { Timestamp(iso8601: $0) }
            filter.until = request.query["until"].flatMap { Timestamp(iso8601: $0) }
            filter.actor = request.query["actor"]
            filter.action = request.query["action"]
            filter.subject = request.query["subject"]
            filter.before = request.query["after"].flatMap { Int64($0) }
            filter.limit = request.limit + 1
            let entries = try await audit.entries(filter)
            let page = entries.prefix(request.limit)
            let next = entries.count > page.count ? page.last.map { String($0.number) } : nil
            return EndpointReply(ResourceEndpoints.page(page.map(Self.json), next))
        }.with {
            $0.details = "The newest first."
            $0.parameters = [
                .limit,
                EndpointParameter("after", .integer(1...Int64.max), "Only lines with smaller numbers."),
                EndpointParameter("since", Self.time, "Only lines from this time on."),
                EndpointParameter("until", Self.time, "Only lines from before this time."),
                EndpointParameter("actor", Self.text, "Only what this one did."),
                EndpointParameter("action", Self.text, "Only lines of this action."),
                EndpointParameter("subject", Self.text, "Only what was done to the thing of this id."),
            ]
        }
    }

    private var verify: Endpoint {
        Endpoint(
            .get,
            "/audit/verify",
            name: "verify_audit",
            tag: "audit",
            "Check that no line of the trail was changed or taken out",
            access: access,
            answer: .object([
                ("intact", .boolean),
                (
                    "first_broken",
                    JSONSchema.integer(1...Int64.max).orNull.described("The first line that is not what it was.")
                ),
            ])
        ) { [audit] _ in
            let broken = try await audit.firstBroken()
            var json = JSONWriter()
            json.object { json in
                json.member("intact", broken == nil)
                if let broken { json.member("first_broken", broken) } else { json.null("first_broken") }
            }
            return EndpointReply(json.bytes)
        }.with { $0.details = "Reads the whole trail. Lines that were cut off its end leave no trace in it." }
    }

    private static func json(_ entry: AuditEntry) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("number", entry.number)
            json.member("at", entry.at.description)
            json.member("actor", entry.actor)
            json.member("address", entry.address)
            json.member("action", entry.action)
            json.member("subject", entry.subject)
            json.member("changes", RawJSON(bytes: entry.changes))
            json.member("reason", entry.reason)
            json.member("digest", entry.digest)
        }
        return json.bytes
    }
}
