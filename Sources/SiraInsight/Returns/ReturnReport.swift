import SiraCore
package import SiraJSON

/// A ``ReturnModel`` for people and for programs.
package struct ReturnReport: Sendable {
    package let model: ReturnModel
    package let sensitivity: Sensitivity

    package init(_ model: ReturnModel) {
        self.model = model
        sensitivity = Sensitivity(model)
    }

    /// Lines of words and amounts, then a table with a line for each variable.
    package var text: String {
        let amounts: [(String, String)] = [
            ("requests", "\(model.requests)"),
            ("cost without", "$" + model.costWithout.description),
            ("cost with", "$" + model.costWith.description),
            ("saved by the cache", "$" + model.cacheSavings.description),
            ("saved by batches", "$" + model.batchSavings.description),
            ("overhead", "$" + model.overhead.description),
            ("savings", "$" + model.savings.description),
            ("return on overhead", model.returnOnInvestment.map { percent($0) } ?? "-"),
            ("pays from", model.breakEvenRequests.map { "\($0) requests" } ?? "never"),
            ("pays from hit rate", model.breakEvenHitRate.map { percent($0.value) } ?? "never"),
        ]
        let lines = amounts.map { name, value in name + String(repeating: " ", count: 20 - name.count) + value }
        return (lines + ["", "savings when one number is another"] + table).joined(separator: "\n")
    }

    /// A line for each variable under one with the changes.
    private var table: [String] {
        let head = [""] + Sensitivity.changes.map { ($0 > 0 ? "+" : "") + "\($0) %" }
        let rows = Sensitivity.Variable.allCases.map { variable in
            [variable.rawValue]
                + sensitivity.lines.filter { $0.variable == variable }.map { cents($0.model.savings) }
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { cells in
            let padded = cells.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }
            return padded.joined(separator: "  ")
        }
    }

    /// Writes the report as members of an object; amounts are text, in dollars.
    package func write(to json: inout JSONWriter) {
        json.member("requests", model.requests)
        json.member("cache_hit_rate", model.cacheHitRate.value)
        json.member("batch_rate", model.batchRate.value)
        json.member("batch_discount", model.batchDiscount.value)
        json.member("cost_per_request_usd", model.costPerRequest.description)
        json.member("overhead_usd", model.overhead.description)
        json.member("cache_savings_usd", model.cacheSavings.description)
        json.member("batch_savings_usd", model.batchSavings.description)
        writeResult(model, to: &json)
        if let count = model.breakEvenRequests {
            json.member("break_even_requests", count)
        } else {
            json.null("break_even_requests")
        }
        if let rate = model.breakEvenHitRate {
            json.member("break_even_cache_hit_rate", rate.value)
        } else {
            json.null("break_even_cache_hit_rate")
        }
        json.array("sensitivity") { list in
            for line in sensitivity.lines {
                list.object {
                    $0.member("variable", line.variable.rawValue)
                    $0.member("change_percent", line.change)
                    writeResult(line.model, to: &$0)
                }
            }
        }
        json.array("by_cache_hit_rate") { list in
            for model in sensitivity.hitRates {
                list.object {
                    $0.member("cache_hit_rate", model.cacheHitRate.value)
                    writeResult(model, to: &$0)
                }
            }
        }
    }

    private func writeResult(_ model: ReturnModel, to json: inout JSONWriter) {
        json.member("cost_without_usd", model.costWithout.description)
        json.member("cost_with_usd", model.costWith.description)
        json.member("savings_usd", model.savings.description)
        json.member("roi", model.returnOnInvestment ?? .nan)
    }

    private func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }

    /// Dollars with two digits after the point, half away from zero.
    private func cents(_ amount: NanoUSD) -> String {
        let unit: UInt64 = 10_000_000
        let cents = (amount.nanos.magnitude + unit / 2) / unit
        let digits = String(cents % 100 + 100).dropFirst()
        return (amount.nanos < 0 && cents > 0 ? "-" : "") + "\(cents / 100).\(digits)"
    }
}
