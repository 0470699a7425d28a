import SiraCore
import SiraLimits
import SiraStorage

extension Attempt {
    /// Replaces what was taken from the limits of provider and model by what the attempt used.
    func settleSupply(_ record: UsageRecord) {
        guard let hold = supply else { return }
        supply = nil
        guard isSent else { return hold.release() }
        let isKnown = record.cost != nil
        hold.settle(tokens: isKnown ? Int64(clamping: record.usage.total) : nil, charge: record.cost)
    }
}
