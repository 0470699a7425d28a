import SiraCore
import SiraLimits
import SiraStorage

/// What an attempt takes from the limits and budgets of its provider and model.
extension Attempt {
    /// Takes its part, unless that was taken for it before.
    ///
    /// Where there is no room it is made all the same, and counted when it has ended.
    ///
    /// - Parameters:
    ///   - held: what was taken before.
    ///   - place: the counters of provider and model; nil where they have none.
    func takeSupply(_ held: Hold?, orOf place: @autoclosure () -> Pipeline.Place?) {
        supply = held
        guard held == nil, let place = place() else { return }
        supply = try? place.take().get()
        if supply == nil { uncounted = place }
    }

    /// Replaces what was taken from the limits of provider and model by what the attempt used; where nothing was taken,
    /// that is counted now.
    func settleSupply(_ record: UsageRecord) {
        let (hold, place) = (supply, uncounted)
        (supply, uncounted) = (nil, nil)
        guard isSent else {
            hold?.release()
            return
        }
        // What nobody knows is as much as was expected.
        let tokens = record.cost == nil ? nil : Int64(clamping: record.usage.total)
        if let hold { return hold.settle(tokens: tokens, charge: record.cost) }
        guard let place else { return }
        let charge = record.cost ?? place.claim.charge ?? .zero
        place.meters.add(tokens: tokens ?? place.claim.tokens, charge: charge, isRequest: true)
    }
}
