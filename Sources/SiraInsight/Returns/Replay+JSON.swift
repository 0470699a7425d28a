import SiraCore
package import SiraJSON

extension Replay {
    /// Writes the comparison as members of an object; amounts are text, in dollars.
    package func write(to json: inout JSONWriter) {
        json.member("old_cost_usd", oldCost.description)
        json.member("new_cost_usd", newCost.description)
        json.member("savings_usd", savings.description)
        json.member("approximate", isApproximate)
        json.array("unknown") { list in
            for model in unknown { list.element(model.description) }
        }
        json.array("lines") { list in
            for line in lines {
                list.object {
                    $0.member("model", line.model.description)
                    $0.member("target", line.target)
                    $0.member("requests", line.requests)
                    $0.member("old_cost_usd", line.oldCost.description)
                    $0.member("new_cost_usd", line.newCost.description)
                    $0.member("savings_usd", line.savings.description)
                    $0.member("without_old_cost", line.withoutOldCost)
                    $0.member("without_new_cost", line.withoutNewCost)
                }
            }
        }
    }
}
