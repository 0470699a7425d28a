import SiraCore
import SiraJSON

/// The health of deployments as people read it.
struct HealthTables {
    /// The body of `/api/health`.
    let json: JSONValue

    var text: String { ([deployments] + providers + [retries]).compactMap(\.self).joined(separator: "\n") }

    private var deployments: String {
        let list = json["deployments"].map { Array($0.elements) } ?? []
        guard !list.isEmpty else { return "No deployment has been used since the gateway started." }
        var table = TextTable(
            "deployment",
            "state",
            "#until",
            "#errors",
            "#p50",
            "#p95",
            "#in flight",
            "#keys",
            "why"
        )
        for one in list {
            table.add(
                one["id"]?.string ?? "-",
                Self.state(of: one),
                one.present("until_seconds")?.double.map(Self.seconds) ?? "-",
                Self.errors(of: one),
                Self.time(one, "first_token_ms_p50"),
                Self.time(one, "first_token_ms_p95"),
                "\(one["in_flight"]?.integer ?? 0)",
                Self.keys(of: one),
                one.present("reason")?.string ?? "-"
            )
        }
        return table.text
    }

    private var providers: [String] {
        (json["providers"].map { Array($0.elements) } ?? []).compactMap { provider in
            guard let name = provider["name"]?.string, let reason = provider.present("drained")?.string else {
                return nil
            }
            return "The provider \(name) is out of use" + (reason.isEmpty ? "." : ": \(reason)").visible
        }
    }

    private var retries: String? {
        guard let budget = json["retry_budget"], let retries = budget["retries"]?.integer, retries > 0 else {
            return nil
        }
        return "\(retries) retries for \(budget["requests"]?.integer ?? 0) requests in the last 10 s"
    }

    /// One word: what keeps attempts away, or where the breaker stands.
    private static func state(of one: JSONValue) -> String {
        if one.present("drained") != nil { return "drained" }
        let state = one["state"]?.string ?? "-"
        if state == "half_open" { return "half open" }
        guard state == "closed" else { return state }
        let availability = one["availability"]?.string ?? "-"
        return availability == "available" ? "ok" : availability
    }

    private static func errors(of one: JSONValue) -> String {
        guard let attempts = one["attempts"]?.integer, attempts > 0 else { return "-" }
        let percent = ((one["error_rate"]?.double ?? 0) * 100).rounded()
        return "\(Figures.share(percent)) % of \(Figures.count(attempts))"
    }

    private static func keys(of one: JSONValue) -> String {
        let keys = one["keys"].map { Array($0.elements) } ?? []
        guard keys.contains(where: { $0["digest"]?.string?.isEmpty == false }) else { return "-" }
        return "\(keys.count { $0["state"]?.string == "ready" })/\(keys.count)"
    }

    private static func time(_ one: JSONValue, _ key: StaticString) -> String {
        guard let milliseconds = one.present(key)?.double, milliseconds.magnitude < 1e12 else { return "-" }
        return Figures.duration(microseconds: Int64(milliseconds * 1_000))
    }

    private static func seconds(_ seconds: Double) -> String {
        guard seconds.magnitude < 1e9 else { return "-" }
        return Figures.duration(microseconds: Int64(seconds * 1_000_000))
    }
}
