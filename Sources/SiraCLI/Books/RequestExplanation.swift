import SiraCore
import SiraJSON
import SiraStorage

/// All that the books have on one request.
struct RequestExplanation {
    let request: RequestID
    /// In the order of the attempts.
    let records: [UsageRecord]
    let decision: StoredDecision?
    let feedback: [Feedback]

    /// Whether there is nothing to tell.
    var isEmpty: Bool { records.isEmpty && decision == nil && feedback.isEmpty }

    /// Writes all of it as members of an object.
    func write(to json: inout JSONWriter) {
        json.member("request", request.description)
        json.array("attempts") { list in
            for record in records { list.object { record.write(to: &$0) } }
        }
        json.key("decision")
        if let decision { json.element(RawJSON(bytes: decision.json)) } else { json.null() }
        json.array("feedback") { list in
            for entry in feedback { list.object { entry.write(to: &$0) } }
        }
    }

    /// The same for people, in parts with an empty line between them.
    var plain: String {
        var parts = [heading]
        if let decision {
            let told = try? JSONIndexer().read(decision.json, limits: .answer) { DecisionTables(json: $0).texts }
            parts += told ?? ["The decision record cannot be read."]
        } else {
            parts.append(
                records.count == 1 && records[0].outcome == .ok
                    ? "There was nothing to decide: the name leads to one place, which answered at the first attempt."
                    : "There is no decision record: it was not kept, or has expired."
            )
        }
        if !records.isEmpty { parts.append(attempts) }
        if !feedback.isEmpty { parts.append(opinions) }
        return parts.joined(separator: "\n\n")
    }

    private var heading: String {
        guard let last = records.last(where: \.isFinal) ?? records.last else { return "Request \(request)" }
        let costs = records.compactMap(\.cost)
        let cost = costs.isEmpty ? "" : ", $\(Figures.dollars(costs.reduce(.zero, +)))"
        let isUnpriced = records.contains { $0.costGap != nil }
        let outcome = last.errorCode.isEmpty ? last.outcome.label : last.errorCode
        return """
            Request \(request) at \(last.startedAt.second)
            \(last.operation)\(last.isStream ? ", streamed" : ""): \(outcome) (\(last.status)) after \
            \(Figures.duration(microseconds: last.duration))\(cost)\(isUnpriced ? ", and more that has no price" : "")
            """
    }

    private var attempts: String {
        var table = TextTable(
            "#try",
            "provider",
            "model",
            "outcome",
            "#status",
            "#first token",
            "#took",
            "#input",
            "#output",
            "#cost $"
        )
        for record in records {
            table.add(
                "\(record.attempt)",
                record.provider.isEmpty ? "-" : record.provider,
                record.model.isEmpty ? "-" : record.model,
                record.errorCode.isEmpty ? record.outcome.label : record.errorCode,
                "\(record.status)",
                record.timeToFirstToken.map { Figures.duration(microseconds: $0) } ?? "-",
                Figures.duration(microseconds: record.duration),
                Figures.count(record.usage.input),
                Figures.count(record.usage.output),
                record.cost.map(Figures.dollars) ?? (record.costGap == nil ? "-" : "?")
            )
        }
        return table.text
    }

    private var opinions: String {
        var table = TextTable("feedback", "#score", "experiment", "tags", "comment")
        for entry in feedback {
            table.add(
                entry.createdAt.second,
                Figures.share(entry.score),
                entry.experiment.map { "\($0)/\(entry.arm ?? 0)" } ?? "-",
                entry.tags.isEmpty ? "-" : entry.tags.joined(separator: ", "),
                entry.comment ?? "-"
            )
        }
        return table.text
    }
}

extension Figures {
    /// A number with at most three digits after the point: `0.875`, `12`.
    static func share(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
        let thousandths = Int64((abs(number) * 1_000).rounded())
        var text = "\(thousandths / 1_000)." + String(String(thousandths % 1_000 + 1_000).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return number < 0 && thousandths != 0 ? "-" + text : text
    }
}
