import SiraCore

extension Reconciliation {
    struct Key: Hashable {
        var day: CalendarDay
        var model: String?
        var key: String?
    }

    /// Both sides of everything, and which of them told keys apart.
    struct Matched {
        var ours: [Key: ReconciledFigures] = [:]
        var theirs: [Key: ReconciledFigures] = [:]
        var notes: [String] = []
    }

    /// Compares an export with our own lines; those of days that the export is not about are left out.
    ///
    /// Keys are told apart where both sides name them in all of their lines.
    package func report(_ export: UsageImport, against own: [OwnUsageLine]) -> ReconciliationReport {
        let matched = matched(export, own)
        var groups: [ReconciliationGroup] = []
        for key in Set(matched.ours.keys).union(matched.theirs.keys) where export.days.contains(key.day) {
            groups.append(group(key, matched))
        }
        groups.sort { left, right in
            if left.day != right.day { return left.day.daysSinceEpoch < right.day.daysSinceEpoch }
            if left.model != right.model { return (left.model ?? "") < (right.model ?? "") }
            return (left.key ?? "") < (right.key ?? "")
        }
        let days = export.days.sorted { $0.daysSinceEpoch < $1.daysSinceEpoch }
        let reasons = DriftReasons(rules: self, matched: matched, days: export.days, lastDay: days.last)
        for index in groups.indices where groups[index].verdict != .same {
            groups[index].causes = reasons.causes(of: groups[index])
        }
        return ReconciliationReport(provider: provider, days: days, groups: groups, notes: matched.notes)
    }

    private func matched(_ export: UsageImport, _ own: [OwnUsageLine]) -> Matched {
        var matched = Matched()
        matched.notes = export.notes
        // Costs are told without a key even where usage is told with one; then there are no keys to compare by.
        let hasKeys =
            !export.lines.isEmpty && export.lines.allSatisfy { $0.key != nil } && own.allSatisfy { $0.key != nil }
        if !hasKeys, export.lines.contains(where: { $0.key != nil }) {
            matched.notes.append("keys are not told apart, since not every line names one on both sides")
        }
        for line in export.lines {
            let key = Key(day: line.day, model: line.model.map(normalized), key: hasKeys ? line.key : nil)
            matched.theirs[key, default: ReconciledFigures()].add(line)
        }
        // A bill without models can only be compared with all models of the day together.
        let wholeDays = Set(matched.theirs.keys.filter { $0.model == nil }.map(\.day))
        let splitDays = Set(matched.theirs.keys.filter { $0.model != nil }.map(\.day))
        for line in own {
            let name = hasKeys ? line.key : nil
            if wholeDays.contains(line.day) {
                matched.ours[Key(day: line.day, model: nil, key: name), default: ReconciledFigures()].add(line)
                if !splitDays.contains(line.day) { continue }
            }
            let key = Key(day: line.day, model: normalized(line.model), key: name)
            matched.ours[key, default: ReconciledFigures()].add(line)
        }
        return matched
    }

    private func group(_ key: Key, _ matched: Matched) -> ReconciliationGroup {
        let (ours, theirs) = (matched.ours[key], matched.theirs[key])
        return ReconciliationGroup(
            day: key.day,
            model: key.model,
            key: key.key,
            ours: ours ?? ReconciledFigures(),
            theirs: theirs ?? ReconciledFigures(),
            verdict: verdict(ours, theirs)
        )
    }

    private func verdict(_ ours: ReconciledFigures?, _ theirs: ReconciledFigures?) -> ReconciliationGroup.Verdict {
        guard let theirs else { return .onlyOurs }
        guard let ours else { return .onlyTheirs }
        func isSame(_ left: Int64?, _ right: Int64?) -> Bool {
            guard let left, let right else { return true }
            return self.isSame(left, right)
        }
        let isSameCost = theirs.cost.map { self.isSame($0, ours.cost ?? .zero) } ?? true
        let isSameUsage =
            isSame(ours.requests, theirs.requests) && isSame(ours.input, theirs.input)
            && isSame(ours.output, theirs.output) && isSame(ours.cacheRead, theirs.cacheRead)
        return isSameCost && isSameUsage ? .same : .different
    }
}
