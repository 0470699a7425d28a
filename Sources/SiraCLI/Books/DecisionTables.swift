import SiraCore
import SiraJSON

/// A decision record as people read it.
///
/// What the record lacks is left out, and what this version does not know is passed over: records outlive versions.
struct DecisionTables {
    let json: JSONValue

    /// The parts that there is something to say in.
    var texts: [String] { [facts, candidates, rejections].compactMap(\.self) }

    private var facts: String? {
        var lines: [(String, String)] = []
        for (title, value) in [
            ("asked for", text("requested")), ("name", text("name")), ("objective", text("objective")),
            ("route", text("route")), ("rule", text("rule")), ("strategy", text("strategy")), ("tier", tier),
            ("experiment", experiment), ("baseline", baseline),
            ("degraded", json["degraded"]?.bool == true ? "yes, to cheaper models" : nil),
        ] {
            if let value { lines.append((title, value)) }
        }
        guard !lines.isEmpty else { return nil }
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { title, value in
            title + String(repeating: " ", count: width - title.count + 2) + value.visible
        }.joined(separator: "\n")
    }

    private var tier: String? {
        guard let tier = text("tier") else { return nil }
        let reasons = json["tier_reasons"]?.elements.compactMap(\.string) ?? []
        return reasons.isEmpty ? tier : "\(tier): \(reasons.joined(separator: ", "))"
    }

    private var experiment: String? {
        guard let said = json.present("experiment") else { return nil }
        if let text = said.string { return text }
        guard let name = said["name"]?.string else { return nil }
        let arm = said["arm"]?.string ?? said["arm"]?.integer.map { "\($0)" }
        return arm.map { "\(name)/\($0)" } ?? name
    }

    private var baseline: String? {
        guard let said = json.present("baseline"), let id = said["id"]?.string else { return nil }
        let kind = said["of"]?.string.map { "the \($0), " } ?? ""
        return "\(kind)\(id): $\(Self.cost(said))"
    }

    private var candidates: String? {
        let list = json["candidates"].map { Array($0.elements) } ?? []
        guard !list.isEmpty else { return nil }
        var table = TextTable("#rank", "candidate", "#score", "#expected $", "state", "why")
        for candidate in list {
            table.add(
                candidate["rank"]?.integer.map { "\($0)" } ?? "-",
                Self.id(candidate),
                candidate["score"]?.double.map(Figures.share) ?? "-",
                Self.cost(candidate),
                candidate["state"]?.string ?? "available",
                candidate["why"]?.string ?? "-"
            )
        }
        return table.text + more("more_candidates")
    }

    private var rejections: String? {
        let list = json["rejected"].map { Array($0.elements) } ?? []
        guard !list.isEmpty else { return nil }
        var table = TextTable("left out", "by", "reason")
        for rejection in list {
            table.add(Self.id(rejection), rejection["filter"]?.string ?? "-", rejection["reason"]?.string ?? "-")
        }
        return table.text + more("more_rejected")
    }

    private func more(_ key: StaticString) -> String {
        guard let count = json[key]?.integer, count > 0 else { return "" }
        return "\nand \(count) more"
    }

    private func text(_ key: StaticString) -> String? {
        json.present(key)?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func id(_ json: JSONValue) -> String {
        json["id"]?.string ?? json["deployment"]?.string ?? "-"
    }

    private static func cost(_ json: JSONValue) -> String {
        json["nano_usd"]?.integer.map { Figures.dollars(NanoUSD(nanos: $0)) } ?? "?"
    }
}
