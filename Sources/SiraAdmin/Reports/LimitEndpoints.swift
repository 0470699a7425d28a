import SiraCore
import SiraJSON
import SiraLimits
import SiraStorage
import SiraTenancy

/// How budgets and limits stand at the moment, and who waits.
struct LimitEndpoints: Sendable {
    let source: ReportSource

    var all: [Endpoint] { [budgets, limits, queue] }

    private static let permission = Permission(.limits, .read)

    private var budgets: Endpoint {
        Endpoint(
            .get,
            "/budgets/status",
            name: "list_budget_status",
            tag: "budgets",
            "Tell how budgets stand",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("What was spent, what is kept for requests that run, and what is left.")
        ) { request in
            let statuses = source.limits.budgets(at: source.clock.now())
            let seen = try await visible(statuses, to: request.author, \.meter)
            return EndpointReply(Self.list(seen) { $0.write(to: &$1) })
        }.with {
            $0.details = """
                Of the process that answers. A budget of each of a kind has a line for each of them that was met since \
                the start. Corrections of the ledger count from the next start on.
                """
        }
    }

    private var limits: Endpoint {
        Endpoint(
            .get,
            "/limits/status",
            name: "list_limit_status",
            tag: "limits",
            "Tell what is left of limits",
            access: .holder(Self.permission),
            answer: ReportSchemas.loose("What is left of each limit.")
        ) { request in
            let statuses = source.limits.limits(at: source.clock.uptime())
            let seen = try await visible(statuses, to: request.author, \.meter)
            return EndpointReply(Self.list(seen) { $0.write(to: &$1) })
        }
    }

    private var queue: Endpoint {
        Endpoint(
            .get,
            "/queue",
            name: "get_queue",
            tag: "limits",
            "Tell how many requests wait for room",
            access: .gateway(Self.permission),
            answer: .object([("waiting", .integer(0...Int64.max))])
        ) { _ in
            var json = JSONWriter()
            json.object { $0.member("waiting", source.queue.count) }
            return EndpointReply(json.bytes)
        }
    }

    /// Those about what the author may see, in the order of rules and scopes.
    private func visible<Status>(
        _ statuses: [Status],
        to author: Author,
        _ meter: KeyPath<Status, MeterName>
    ) async throws -> [Status] {
        var visible: [Status] = []
        var known: [Scope: Bool] = [:]
        for status in statuses {
            let scope = status[keyPath: meter].scope
            let isSeen: Bool
            if let answer = known[scope] {
                isSeen = answer
            } else {
                isSeen = try await source.desk.reach(of: author, Self.permission, within: [scope]) != nil
            }
            known[scope] = isSeen
            if isSeen { visible.append(status) }
        }
        return visible.sorted { one, other in
            let (left, right) = (one[keyPath: meter], other[keyPath: meter])
            return (left.rule, left.scope.description) < (right.rule, right.scope.description)
        }
    }

    private static func list<Status>(_ statuses: [Status], _ write: (Status, inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.object { json in
            json.array("data") { list in
                for status in statuses { list.object { write(status, &$0) } }
            }
        }
        return json.bytes
    }
}

extension BudgetStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("budget", meter.rule)
        json.member("scope", meter.scope.description)
        json.member("amount_usd", amount.description)
        json.member("allowance_usd", allowance.description)
        json.member("spent_usd", settled.description)
        json.member("reserved_usd", reserved.description)
        json.member("left_usd", (allowance - settled - reserved).description)
        if let start { json.member("period_began_at", start.description) } else { json.null("period_began_at") }
        if let end { json.member("period_ends_at", end.description) } else { json.null("period_ends_at") }
        switch state {
        case .ok: json.member("state", "ok")
        case .warned(let level):
            json.member("state", "warned")
            json.member("level", Double(level) / 1_000)
        case .soft: json.member("state", "soft")
        case .frozen: json.member("state", "frozen")
        }
    }
}

extension LimitStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("limit", meter.rule)
        json.member("scope", meter.scope.description)
        json.member("measure", measure.rawValue)
        json.member("allowed", quota.limit)
        json.member("remaining", quota.remaining)
        json.member("whole_again_in_s", Double(quota.reset) / 1_000_000_000)
    }
}
