package import SiraCore

/// What one side says of a group; nil is what it does not tell.
package struct ReconciledFigures: Hashable, Sendable {
    package var requests: Int64?
    /// Prompt tokens, cached ones included.
    package var input: Int64?
    package var cacheRead: Int64?
    package var cacheWrite: Int64?
    package var output: Int64?
    package var cost: NanoUSD?
    /// Requests that did not end well; told by our side only.
    package var errors: Int64 = 0
    /// Requests whose usage is not known; told by our side only.
    package var unknownUsage: Int64 = 0
    /// Requests whose price is not known; told by our side only.
    package var unpriced: Int64 = 0
    /// Price levels other than the usual one; told by the provider only.
    package var tiers: Set<String> = []
    /// How many lines of the bill it is made of, each of which may be rounded.
    package var costLines: Int64 = 0

    package init() {}

    /// Prompt and answer together; nil where neither is told.
    package var tokens: Int64? {
        guard input != nil || output != nil else { return nil }
        return (input ?? 0).clampedSum(output ?? 0)
    }

    mutating func add(_ line: ProviderUsageLine) {
        if let requests = line.requests { self.requests = (self.requests ?? 0).clampedSum(requests) }
        if let usage = line.usage {
            input = (input ?? 0).clampedSum(Int64(usage.input))
            cacheRead = (cacheRead ?? 0).clampedSum(Int64(usage.cacheRead))
            cacheWrite = (cacheWrite ?? 0).clampedSum(Int64(usage.cacheWrite)).clampedSum(Int64(usage.cacheWriteLong))
            output = (output ?? 0).clampedSum(Int64(usage.output))
        }
        if let cost = line.cost {
            self.cost = (self.cost ?? .zero) + cost
            costLines += 1
        }
        if let tier = line.tier { tiers.insert(tier) }
    }

    mutating func add(_ line: OwnUsageLine) {
        requests = (requests ?? 0).clampedSum(line.attempts)
        input = (input ?? 0).clampedSum(line.input)
        cacheRead = (cacheRead ?? 0).clampedSum(line.cacheRead)
        cacheWrite = (cacheWrite ?? 0).clampedSum(line.cacheWrite)
        output = (output ?? 0).clampedSum(line.output)
        cost = (cost ?? .zero) + line.cost
        errors = errors.clampedSum(line.errors)
        unknownUsage = unknownUsage.clampedSum(line.unknownUsage)
        unpriced = unpriced.clampedSum(line.unpriced)
    }

    mutating func add(_ other: ReconciledFigures) {
        func sum(_ left: Int64?, _ right: Int64?) -> Int64? {
            left == nil && right == nil ? nil : (left ?? 0).clampedSum(right ?? 0)
        }
        requests = sum(requests, other.requests)
        input = sum(input, other.input)
        cacheRead = sum(cacheRead, other.cacheRead)
        cacheWrite = sum(cacheWrite, other.cacheWrite)
        output = sum(output, other.output)
        if let added = other.cost { cost = (cost ?? .zero) + added }
        errors = errors.clampedSum(other.errors)
        unknownUsage = unknownUsage.clampedSum(other.unknownUsage)
        unpriced = unpriced.clampedSum(other.unpriced)
        tiers.formUnion(other.tiers)
        costLines = costLines.clampedSum(other.costLines)
    }
}

extension Int64 {
    /// The sum, at the limit where it would be beyond it.
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : sum
    }

    /// The difference, at the limit where it would be beyond it.
    func clampedDifference(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < 0 ? .min : .max) : difference
    }
}

extension NanoUSD {
    /// The difference, at the limit where it would be beyond it.
    func clampedDifference(_ other: NanoUSD) -> NanoUSD { NanoUSD(nanos: nanos.clampedDifference(other.nanos)) }
}
