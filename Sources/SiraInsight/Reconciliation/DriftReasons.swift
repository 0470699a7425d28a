import SiraCatalog
import SiraCore

/// Finds out why the two sides of a group differ.
///
/// Rules with numbers, no guesses beyond them: each looks at the figures and says how much it explains. What none
/// explains is called so.
struct DriftReasons {
    let rules: Reconciliation
    let matched: Reconciliation.Matched
    /// The days of the export.
    let days: Set<CalendarDay>
    let lastDay: CalendarDay?

    func causes(of group: ReconciliationGroup) -> [DriftCause] {
        let causes =
            switch group.verdict {
            case .same: [DriftCause]()
            case .onlyTheirs: onlyTheirs(group)
            case .onlyOurs: onlyOurs(group)
            case .different: different(group)
            }
        return causes.isEmpty ? [unexplained(group)] : causes
    }

    // MARK: one side only

    private func onlyTheirs(_ group: ReconciliationGroup) -> [DriftCause] {
        if let cause = dayBoundary(group) { return [cause] }
        let isUsage = group.theirs.requests != nil || group.theirs.tokens != nil
        let isKnown = group.model.map { rules.catalog.model(provider: rules.provider, name: $0) != nil } ?? true
        if !isUsage, !isKnown {
            let text =
                "\"\(group.model ?? "")\" is on the bill with \(money(group.theirs.cost)) and is no model's tokens"
            return [DriftCause(.otherItem, amount: group.theirs.cost, text)]
        }
        return [bypass(group, requests: group.theirs.requests, tokens: group.theirs.tokens, amount: group.theirs.cost)]
    }

    private func onlyOurs(_ group: ReconciliationGroup) -> [DriftCause] {
        let requests = group.ours.requests ?? 0
        if requests > 0, group.ours.errors >= requests {
            let text = "all \(requests) tries failed, and providers do not count those"
            return [DriftCause(.failedAttempts, requests: requests, amount: group.costDrift, text)]
        }
        if let cause = dayBoundary(group) { return [cause] }
        if group.day == lastDay { return [latePosting(group, requests: requests)] }
        return []
    }

    // MARK: both sides

    private func different(_ group: ReconciliationGroup) -> [DriftCause] {
        var causes: [DriftCause] = []
        if let cause = volume(group) { causes.append(cause) }
        if let cause = unknownUsage(group) { causes.append(cause) }
        if let cause = unpriced(group) { causes.append(cause) }
        if let cause = cachedCount(group) { causes.append(cause) }
        if let cause = rounding(group) ?? PriceReason(rules: rules, group: group).cause() { causes.append(cause) }
        return causes
    }

    /// Requests that one side has and the other has not; by tokens of answers where requests are not told.
    private func volume(_ group: ReconciliationGroup) -> DriftCause? {
        let (ours, theirs): (Int64, Int64)
        let isRequests = group.theirs.requests != nil
        if let count = group.theirs.requests {
            (ours, theirs) = (group.ours.requests ?? 0, count)
        } else if let count = group.theirs.output {
            (ours, theirs) = (group.ours.output ?? 0, count)
        } else {
            return nil
        }
        guard !rules.isSame(ours, theirs) else { return nil }
        let missing = theirs.clampedDifference(ours)
        // What we do not know the usage of is no sign of anything that went past us.
        if !isRequests, missing > 0, group.ours.unknownUsage > 0 { return nil }
        let count = Int64(clamping: missing.magnitude)
        if missing < 0, isRequests, count <= group.ours.errors {
            let text = "\(count) of our \(ours) tries are not counted there, and \(group.ours.errors) of them failed"
            return DriftCause(.failedAttempts, requests: count, text)
        }
        if let cause = dayBoundary(group) { return cause }
        guard missing > 0 else {
            return group.day == lastDay ? latePosting(group, requests: isRequests ? count : nil) : nil
        }
        return bypass(
            group,
            requests: isRequests ? missing : nil,
            tokens: group.tokenDrift,
            amount: share(of: group.theirs.cost, missing, theirs)
        )
    }

    private func bypass(
        _ group: ReconciliationGroup,
        requests: Int64?,
        tokens: Int64?,
        amount: NanoUSD?
    ) -> DriftCause {
        let what = requests.map { "\($0) requests" } ?? tokens.map { "\($0) tokens" } ?? money(amount)
        let worth = requests != nil || tokens != nil ? amount.map { ", worth about \(money($0))" } ?? "" : ""
        var text = "\(what)\(worth) are known to the provider and not to the gateway"
        if let key = group.key {
            let isOurs = rules.gatewayKeys.isEmpty || rules.gatewayKeys.contains(key)
            text +=
                isOurs
                ? ": somebody uses the key \(key) without it"
                : ": the key \(key) is none of the gateway's"
        } else {
            text += ": somebody uses the provider without it"
        }
        return DriftCause(.bypass, requests: requests, tokens: tokens, amount: amount, text)
    }

    /// Whether the day before or after differs by as much the other way.
    private func dayBoundary(_ group: ReconciliationGroup) -> DriftCause? {
        for step: Int64 in [-1, 1] {
            let day = CalendarDay(daysSinceEpoch: group.day.daysSinceEpoch + step)
            guard days.contains(day) else { continue }
            let key = Reconciliation.Key(day: day, model: group.model, key: group.key)
            let ours = matched.ours[key] ?? ReconciledFigures()
            let theirs = matched.theirs[key] ?? ReconciledFigures()
            guard let measure = Measure.allCases.first(where: { $0.isTold(by: group.theirs) || $0.isTold(by: theirs) })
            else { continue }
            let drift = measure.drift(group.ours, group.theirs)
            let other = measure.drift(ours, theirs)
            guard drift != 0, other != 0, (other < 0) != (drift < 0) else { continue }
            guard abs(Double(drift) + Double(other)) <= 0.1 * abs(Double(drift)) else { continue }
            let side = drift > 0 ? "the gateway booked it on that day" : "the provider booked it on that day"
            let text =
                "\(measure.text(drift.magnitude)) too \(drift > 0 ? "few" : "many") here are "
                + "\(measure.text(other.magnitude)) too \(drift > 0 ? "many" : "few") on \(day): \(side)"
            let requests = measure == .requests ? Int64(clamping: drift.magnitude) : nil
            return DriftCause(.dayBoundary, requests: requests, amount: group.costDrift, text)
        }
        return nil
    }

    /// In what two days can be compared, the finest first.
    private enum Measure: CaseIterable {
        case requests, output, cost

        func isTold(by figures: ReconciledFigures) -> Bool {
            switch self {
            case .requests: figures.requests != nil
            case .output: figures.output != nil
            case .cost: figures.cost != nil
            }
        }

        func drift(_ ours: ReconciledFigures, _ theirs: ReconciledFigures) -> Int64 {
            value(theirs).clampedDifference(value(ours))
        }

        private func value(_ figures: ReconciledFigures) -> Int64 {
            switch self {
            case .requests: figures.requests ?? 0
            case .output: figures.output ?? 0
            case .cost: figures.cost?.nanos ?? 0
            }
        }

        func text(_ amount: UInt64) -> String {
            switch self {
            case .requests: "\(amount) requests"
            case .output: "\(amount) tokens"
            case .cost: ReconciliationText.money(NanoUSD(nanos: Int64(clamping: amount)))
            }
        }
    }

    private func latePosting(_ group: ReconciliationGroup, requests: Int64?) -> DriftCause {
        let what = requests.map { "\($0) requests" } ?? "some usage"
        let text = "\(what) of \(group.day), the export's last day, are not in it yet; try again tomorrow"
        return DriftCause(.latePosting, requests: requests, amount: group.costDrift, text)
    }

    private func unknownUsage(_ group: ReconciliationGroup) -> DriftCause? {
        let count = group.ours.unknownUsage
        guard count > 0, (group.tokenDrift ?? 1) > 0, (group.costDrift?.nanos ?? 1) > 0 else { return nil }
        let amount = group.costDrift.map { min($0, share(of: group.theirs.cost, count, group.theirs.requests) ?? $0) }
        let text = "the usage of \(count) requests is not known here and counts as nothing"
        return DriftCause(.unknownUsage, requests: count, tokens: group.tokenDrift, amount: amount, text)
    }

    private func unpriced(_ group: ReconciliationGroup) -> DriftCause? {
        let count = group.ours.unpriced
        guard count > 0, let drift = group.costDrift, drift.nanos > 0 else { return nil }
        let amount = min(drift, share(of: group.theirs.cost, count, group.ours.requests) ?? drift)
        let text = "the price of \(count) requests is not known here and counts as nothing"
        return DriftCause(.unpriced, requests: count, amount: amount, text)
    }

    /// Whether only the cached tokens are told apart in another way.
    private func cachedCount(_ group: ReconciliationGroup) -> DriftCause? {
        guard let ourInput = group.ours.input, let theirInput = group.theirs.input,
            let ourCached = group.ours.cacheRead, let theirCached = group.theirs.cacheRead
        else { return nil }
        let apart = theirCached.clampedDifference(ourCached)
        if rules.isSame(ourInput, theirInput) {
            guard !rules.isSame(ourCached, theirCached) else { return nil }
            let text = "of the same input they call \(theirCached) tokens cached, and we \(ourCached)"
            return DriftCause(.cachedTokens, tokens: apart, text)
        }
        let isTheirsWithout = theirCached > 0 && rules.isSame(ourInput, theirInput.clampedSum(theirCached))
        let isOursWithout = ourCached > 0 && rules.isSame(ourInput.clampedSum(ourCached), theirInput)
        guard isTheirsWithout || isOursWithout else { return nil }
        let side = isTheirsWithout ? "their input does not count" : "our input does not count"
        let tokens = theirInput.clampedDifference(ourInput)
        return DriftCause(.cachedTokens, tokens: tokens, "\(side) the cached tokens, and the other side's does")
    }

    private func rounding(_ group: ReconciliationGroup) -> DriftCause? {
        guard let drift = group.costDrift, let theirs = group.theirs.cost, drift.nanos != 0 else { return nil }
        guard theirs.nanos.isMultiple(of: NanoUSD.perDollar / 100) else { return nil }
        let most = Double(group.theirs.costLines) * 0.005 * Double(NanoUSD.perDollar)
        guard abs(Double(drift.nanos)) <= most else { return nil }
        let text = "\(money(drift)) is what rounding each of \(group.theirs.costLines) lines to a cent can make"
        return DriftCause(.rounding, amount: drift, text)
    }

    private func unexplained(_ group: ReconciliationGroup) -> DriftCause {
        DriftCause(
            .unexplained,
            requests: group.requestDrift,
            tokens: group.tokenDrift,
            amount: group.costDrift,
            "nothing that is known here explains it"
        )
    }

    // MARK: numbers

    /// What `part` of `whole` is of an amount.
    private func share(of amount: NanoUSD?, _ part: Int64, _ whole: Int64?) -> NanoUSD? {
        guard let amount, let whole, whole > 0 else { return nil }
        let value = Int128(amount.nanos) * Int128(part) / Int128(whole)
        return NanoUSD(nanos: Int64(clamping: value))
    }

    private func money(_ amount: NanoUSD?) -> String { amount.map { ReconciliationText.money($0) } ?? "nothing" }
}
