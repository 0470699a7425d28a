import SiraCore
import SiraInsight
import SiraJSON
import SiraStorage
import SiraTenancy

/// What would save money or shut a door.
struct AdviceEndpoints: Sendable {
    let source: ReportSource

    var all: [Endpoint] { [list, dismiss, apply] }

    private static let reading = Permission(.usage, .read)
    private static let writing = Permission(.usage, .write)

    private var list: Endpoint {
        Endpoint(
            .get,
            "/advice",
            name: "list_advice",
            tag: "usage",
            "List what would save money or shut a door",
            access: .gateway(Self.reading),
            answer: .object([
                ("data", .list(ReportSchemas.loose("Advice."))),
                ("dismissed", .list(ReportSchemas.loose("An id of advice, and who dismissed it."))),
            ])
        ) { _ in
            let dismissed = try await source.advice.dismissed()
            let advice = AdviceRules.advice(try await facts(), dismissed: Set(dismissed.map(\.id)))
            var json = JSONWriter(capacity: 4_096)
            json.object { json in
                json.array("data") { list in
                    for advice in advice { list.object { advice.write(to: &$0) } }
                }
                json.array("dismissed") { list in
                    for entry in dismissed {
                        list.object { json in
                            json.member("id", entry.id)
                            json.member("at", entry.at.description)
                            json.member("actor", entry.actor)
                            json.member("reason", entry.reason)
                        }
                    }
                }
            }
            return EndpointReply(json.bytes)
        }.with { $0.details = "From the last thirty days, what saves most first; savings are those of thirty days." }
    }

    private var dismiss: Endpoint {
        Endpoint(
            .post,
            "/advice/{id}/dismiss",
            name: "dismiss_advice",
            tag: "usage",
            "Hear advice no more",
            access: .gateway(Self.writing),
            answer: nil
        ) { request in
            _ = try await advice(request.id)
            let (author, now) = (request.author, source.clock.now())
            try await source.advice.dismiss(
                DismissedAdvice(id: request.id, at: now, actor: author.actor, reason: author.reason)
            )
            try await source.audit.append(
                AuditEntry(
                    at: now,
                    actor: author.actor,
                    address: author.address,
                    action: "advice.dismiss",
                    subject: request.id,
                    reason: author.reason
                )
            )
            return EndpointReply()
        }.with { $0.status = 204 }
    }

    private var apply: Endpoint {
        Endpoint(
            .post,
            "/advice/{id}/apply",
            name: "apply_advice",
            tag: "usage",
            "Do what advice says",
            access: .gateway(Self.writing),
            answer: .object([
                ("applied", JSONSchema.boolean.described("Whether it is done.")),
                (
                    "configuration",
                    JSONSchema.text(0...10_000).orNull.described("YAML that is to be put into sira.yaml.")
                ),
                ("message", .text(1...1_000)),
            ])
        ) { request in
            EndpointReply(try await carryOut(try await advice(request.id), by: request.author))
        }.with {
            $0.details = """
                What one change of a key does is done, and audited. For what is a matter of the configuration the answer \
                has the piece of it; what applications have to change is refused with a sentence on it.
                """
        }
    }

    private func facts() async throws -> AdviceFacts {
        try await AdviceFacts.read(
            source.rollups,
            source.keys,
            source.advice,
            catalog: source.catalog(),
            available: source.available(),
            now: source.clock.now()
        )
    }

    private func advice(_ id: String) async throws -> Advice {
        if let advice = AdviceRules.advice(try await facts()).first(where: { $0.id == id }) { return advice }
        throw EndpointError(404, "not_found", "There is no advice \(id), or none any more.")
    }

    private func carryOut(_ advice: Advice, by author: Author) async throws -> [UInt8] {
        switch advice.change {
        case .setKeyExpiry(let key, let time):
            var author = author
            if author.reason.isEmpty { author.reason = advice.summary }
            var patch = JSONWriter()
            patch.object { $0.member("expires_at", time.description) }
            _ = try await source.desk.change(.key, key, with: patch.bytes, by: author)
            return Self.json(isApplied: true, nil, "The key \(key) ends at \(time).")
        case .route(let from, let to, let task):
            guard task == nil else {
                throw Self.unfit(
                    "Requests with this tag are to ask for \(to) in place of \(from); applications say so."
                )
            }
            return Self.json(
                isApplied: false,
                "aliases:\n  \"\(from.model)\": \"\(to)\"\n",
                "Put this into sira.yaml: requests for \(from.model) then go to \(to)."
            )
        case .useBatch(let model, let tag):
            throw Self.unfit("Requests for \(model) with the tag \(tag) are to be sent to the provider as batches.")
        case .orderPrompt(_, let model, _):
            throw Self.unfit("What prompts for \(model) share is to come first in them; applications write them.")
        case .limitTools(_, let model, let tools):
            throw Self.unfit("Requests for \(model) are to be sent without \(tools.joined(separator: ", ")).")
        case .enableCache(_, let model):
            throw Self.unfit("Answers of \(model) are to be kept by the application and given again.")
        }
    }

    private static func unfit(_ message: String) -> EndpointError { EndpointError(409, "unfit_state", message) }

    private static func json(isApplied: Bool, _ configuration: String?, _ message: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("applied", isApplied)
            if let configuration { json.member("configuration", configuration) } else { json.null("configuration") }
            json.member("message", message)
        }
        return json.bytes
    }
}
