import SiraCore
import SiraStorage

extension Range<Timestamp> {
    /// The same from a whole minute to another, as sums are kept.
    var minutes: Range<Timestamp> {
        let first = RollupPeriod.minute.start(of: lowerBound)
        let last = RollupPeriod.minute.start(of: upperBound)
        return first..<(last < upperBound ? last.advanced(by: .seconds(60)) : last)
    }

    /// The part of whole minutes that has been, the minute that runs included; the first minute where none has.
    func ending(by now: Timestamp) -> Range<Timestamp> {
        let end = RollupPeriod.minute.start(of: now).advanced(by: .seconds(60))
        return lowerBound..<Swift.max(lowerBound.advanced(by: .seconds(60)), Swift.min(upperBound, end))
    }
}
