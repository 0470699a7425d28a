import SiraCore
package import SiraJSON
import SiraStorage

extension SavingsShare {
    /// Writes every step as members of an object.
    package func write(to json: inout JSONWriter) {
        json.member("basis_points", basisPoints)
        json.member("baseline_usd", baseline.description)
        json.member("actual_usd", actual.description)
        json.member("saved_usd", saved.description)
        json.member("fee_usd", fee.description)
        json.array("lines") { list in
            for line in lines {
                list.object {
                    $0.member("model", line.model)
                    $0.member("measure", line.measure.rawValue)
                    $0.member("past_volume", line.pastVolume)
                    $0.member("past_cost_usd", line.pastCost.description)
                    $0.member("volume", line.volume)
                    $0.member("baseline_usd", line.baseline.description)
                    $0.member("actual_usd", line.actual.description)
                    $0.member("saved_usd", line.saved.description)
                }
            }
        }
    }

    /// Reads what ``write(to:)`` writes.
    init(json: JSONValue) throws {
        let lines = try json["lines"]?.elements.map { line in
            guard let measure = line["measure"]?.string.flatMap({ Line.Measure(rawValue: $0) }),
                let pastCost = line.amount("past_cost_usd"), let baseline = line.amount("baseline_usd"),
                let actual = line.amount("actual_usd"), let saved = line.amount("saved_usd")
            else { throw StoreError.unreadable("an invoice's savings") }
            return Line(
                model: line["model"]?.string ?? "",
                measure: measure,
                pastVolume: line["past_volume"]?.integer ?? 0,
                pastCost: pastCost,
                volume: line["volume"]?.integer ?? 0,
                baseline: baseline,
                actual: actual,
                saved: saved
            )
        }
        guard let basisPoints = json["basis_points"]?.integer, let lines else {
            throw StoreError.unreadable("an invoice's savings")
        }
        try self.init(lines: lines, basisPoints: basisPoints)
    }
}
