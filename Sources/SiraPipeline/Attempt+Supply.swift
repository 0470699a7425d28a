import SiraCore
import SiraLimits
import SiraStorage

extension Attempt {
    /// Gives back what was taken from the limits of provider and model, now that the attempt has failed: what it may
    /// have used stays taken.
    func endSupply() {
        guard let hold = supply else { return }
        supply = nil
        guard isSent, consumption.basis != .refused else { return hold.release() }
        hold.settle(tokens: nil, charge: nil)
    }

    /// Replaces what was taken from the limits of provider and model by what the attempt used.
    func settleSupply(_ record: UsageRecord) {
        guard let hold = supply else { return }
        supply = nil
        guard isSent else { return hold.release() }
        let isKnown = record.cost != nil
        hold.settle(tokens: isKnown ? Int64(clamping: record.usage.total) : nil, charge: record.cost)
    }
}
