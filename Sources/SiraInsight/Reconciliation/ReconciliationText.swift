package import SiraCore

/// A report as people read it in a terminal.
package enum ReconciliationText {
    /// A line for each group that differs, with its causes below it, and the totals at the end.
    package static func text(of report: ReconciliationReport) -> String {
        var text = "\(report.provider): "
        if let first = report.days.first, let last = report.days.last {
            text += first == last ? "\(first)\n" : "\(first) to \(last)\n"
        } else {
            text += "no days\n"
        }
        for note in report.notes { text += "Note: \(printable(note))\n" }
        let differences = report.differences
        for group in differences {
            text += "\n\(group.day)  \(printable(group.model ?? "(all models)"))"
            if let key = group.key { text += "  \(printable(key))" }
            text += "\n  " + line(of: group) + "\n"
            for cause in group.causes { text += "  → \(cause.kind.rawValue): \(printable(cause.text))\n" }
        }
        let same = report.groups.count - differences.count
        text += "\n\(same) of \(report.groups.count) groups are the same.\n"
        let totals = report.totals
        text += "Ours \(money(totals.ours.cost ?? .zero)), theirs "
        return text + (totals.theirs.cost.map { money($0) } ?? "not told") + "\n"
    }

    private static func line(of group: ReconciliationGroup) -> String {
        var parts: [String] = []
        func add(_ name: String, _ ours: Int64?, _ theirs: Int64?) {
            guard ours != nil || theirs != nil else { return }
            parts.append("\(name) \(ours.map { String($0) } ?? "–") / \(theirs.map { String($0) } ?? "–")")
        }
        add("requests", group.ours.requests, group.theirs.requests)
        add("tokens", group.ours.tokens, group.theirs.tokens)
        var cost = "cost \(group.ours.cost.map { money($0) } ?? "–") / \(group.theirs.cost.map { money($0) } ?? "–")"
        if let drift = group.costDrift {
            cost += " (\(drift.nanos > 0 ? "+" : "")\(money(drift))"
            if let share = group.costDriftShare {
                cost += ", \(share > 0 ? "+" : "")\(decimal(share * 100, digits: 1)) %"
            }
            cost += ")"
        }
        return (parts + [cost]).joined(separator: ", ")
    }

    /// Dollars to the hundredth of a cent, or exact where that would be nothing.
    package static func money(_ amount: NanoUSD) -> String {
        let dollars = Double(amount.nanos) / Double(NanoUSD.perDollar)
        guard abs(dollars) >= 0.0001 || amount.nanos == 0 else { return "\(amount) USD" }
        return "\(dollars < 0 ? "-" : "")$\(decimal(abs(dollars), digits: 4))"
    }

    /// With so many digits after the point.
    static func decimal(_ number: Double, digits: Int) -> String {
        guard number.isFinite, abs(number) < 1e12 else { return number.description }
        var power: Double = 1
        for _ in 0..<digits { power *= 10 }
        let scaled = Int64((number * power).rounded())
        let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt64(power))
        let sign = scaled < 0 ? "-" : ""
        return digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(String(UInt64(power) + rest).dropFirst())"
    }

    /// Names of others without what a terminal would obey.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : $0 }
            )
        )
    }
}
