import SiraCore
import SiraJSON

/// The results of one experiment as people read them.
struct ExperimentTables {
    /// One element of the list in `/api/experiments`.
    let json: JSONValue

    var text: String { ([heading, arms] + sentences + [canary]).compactMap(\.self).joined(separator: "\n") }

    private var list: [JSONValue] { json["arms"].map { Array($0.elements) } ?? [] }

    private var heading: String {
        let name = json["name"]?.string ?? "-"
        return "\(name) (\(json["kind"]?.string ?? "-")), since \(json["started_at"]?.string ?? "-")".visible
    }

    private var arms: String {
        var table = TextTable(
            "arm",
            "#share",
            "#requests",
            "#errors (95 %)",
            "#first token",
            "#took",
            "#cost $",
            "#feedback"
        )
        for arm in list {
            table.add(
                arm["model"]?.string ?? "-",
                Self.percent(arm["share"]?.double),
                Figures.count(arm["requests"]?.integer ?? 0),
                Self.interval(arm["error_rate"]),
                Self.mean(arm["time_to_first_token_s"]).map(Self.seconds) ?? "-",
                Self.mean(arm["duration_s"]).map(Self.seconds) ?? "-",
                Self.mean(arm["cost_usd"]).map(Self.dollars) ?? "-",
                Self.mean(arm["feedback"]).map(Figures.share) ?? "-"
            )
        }
        return table.text
    }

    /// What the comparisons say, each with its interval.
    private var sentences: [String] {
        list.flatMap { $0["comparisons"].map { Array($0.elements) } ?? [] }.compactMap {
            $0["sentence"]?.string?.visible
        }
    }

    private var canary: String? {
        guard let canary = json.present("canary") else { return nil }
        let share = Self.percent(canary["share"]?.double)
        let why = (canary["reason"] ?? canary.present("hesitation"))?.string.map { ": \($0)" } ?? ""
        return "canary: \(canary["state"]?.string ?? "-"), \(share) of requests\(why)".visible
    }

    private static func mean(_ measure: JSONValue?) -> Double? { measure?.present("mean")?.double }

    private static func percent(_ share: Double?) -> String {
        share.map { "\(Figures.share(($0 * 1_000).rounded() / 10)) %" } ?? "-"
    }

    private static func interval(_ rate: JSONValue?) -> String {
        guard let rate, let lower = rate["lower"]?.double, let upper = rate["upper"]?.double else { return "-" }
        return "\(percent(rate["estimate"]?.double)) (\(percent(lower)) to \(percent(upper)))"
    }

    private static func seconds(_ seconds: Double) -> String {
        guard seconds.magnitude < 1e9 else { return "-" }
        return Figures.duration(microseconds: Int64(seconds * 1_000_000))
    }

    private static func dollars(_ dollars: Double) -> String {
        guard dollars.magnitude < 1e9 else { return "-" }
        return Figures.dollars(NanoUSD(nanos: Int64((dollars * 1e9).rounded())))
    }
}
