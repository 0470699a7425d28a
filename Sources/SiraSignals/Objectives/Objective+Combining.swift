import SiraCore

extension Objective {
    /// What is wanted in two places at once: of two limits the stricter one counts.
    ///
    /// - Parameter source: Where `other` stood, for errors.
    /// - Throws: ``ObjectiveError`` where no choice could satisfy both.
    package func combined(
        with other: Objective,
        from source: ObjectiveError.Source
    ) throws(ObjectiveError) -> Objective {
        var both = self
        both.goal = try one(goal, other.goal, "the goal", source) { $0.rawValue }
        both.leastQuality = stricter(leastQuality, other.leastQuality, max)
        both.mostFirstToken = stricter(mostFirstToken, other.mostFirstToken, min)
        both.mostPrice = stricter(mostPrice, other.mostPrice, min)
        both.mostInputPrice = stricter(mostInputPrice, other.mostInputPrice, min)
        both.mostOutputPrice = stricter(mostOutputPrice, other.mostOutputPrice, min)
        both.leastThroughput = stricter(leastThroughput, other.leastThroughput, max)
        both.leastContext = stricter(leastContext, other.leastContext, max)
        both.only = try shared(only, other.only, "only", source)
        both.regions = try shared(regions, other.regions, "region", source)
        let orders = (order.isEmpty ? nil : order, other.order.isEmpty ? nil : other.order)
        both.order = try one(orders.0, orders.1, "order", source) { $0.joined(separator: ",") } ?? []
        both.ignore = ignore + other.ignore.filter { !ignore.contains($0) }
        both.wantsZeroRetention = wantsZeroRetention || other.wantsZeroRetention
        both.required = required.union(other.required)
        // To go without fallbacks is the stricter wish.
        both.allowsFallbacks = stricter(allowsFallbacks, other.allowsFallbacks) { $0 && $1 }
        try both.check(source)
        return both
    }

    /// Refuses what contradicts itself.
    func check(_ source: ObjectiveError.Source) throws(ObjectiveError) {
        if !only.isEmpty, only.allSatisfy(ignore.contains) {
            throw ObjectiveError(.contradictory, "every provider of only is in ignore", in: source)
        }
        if let name = order.first(where: ignore.contains) {
            throw ObjectiveError(.contradictory, "\(name) is in order and in ignore", in: source)
        }
        if let name = order.first(where: { !only.isEmpty && !only.contains($0) }) {
            throw ObjectiveError(.contradictory, "\(name) is in order and not in only", in: source)
        }
    }

    private func stricter<Value>(_ mine: Value?, _ other: Value?, _ choose: (Value, Value) -> Value) -> Value? {
        guard let mine, let other else { return mine ?? other }
        return choose(mine, other)
    }

    private func one<Value: Equatable>(
        _ mine: Value?,
        _ other: Value?,
        _ what: String,
        _ source: ObjectiveError.Source,
        text: (Value) -> String
    ) throws(ObjectiveError) -> Value? {
        guard let mine, let other, mine != other else { return mine ?? other }
        throw ObjectiveError(
            .contradictory,
            "\(what) is \(text(other)) here and \(text(mine)) elsewhere in the request",
            in: source
        )
    }

    private func shared(
        _ mine: [String],
        _ other: [String],
        _ what: String,
        _ source: ObjectiveError.Source
    ) throws(ObjectiveError) -> [String] {
        guard !mine.isEmpty, !other.isEmpty else { return mine + other }
        let both = mine.filter(other.contains)
        guard !both.isEmpty else {
            throw ObjectiveError(
                .contradictory,
                "\(what) is \(other.joined(separator: ",")) here and \(mine.joined(separator: ",")) elsewhere in the request",
                in: source
            )
        }
        return both
    }
}
