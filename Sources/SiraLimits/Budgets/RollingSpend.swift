internal import SiraCore

/// What was spent in the time up to now, in slices that are forgotten one by one.
///
/// The slices reach back at least as far as the time asked for, and by one slice more at most: what was spent is
/// forgotten a little late rather than too early.
struct RollingSpend: Sendable {
    static let sliceCount: Int64 = 96

    /// A hundred years, in microseconds.
    private static let longest: Int64 = 3_155_760_000_000_000

    /// Microseconds of a slice.
    let span: Int64
    /// Nano-dollars of each slice, at the slice's number modulo their count; empty until something is spent.
    private var slices: [Int64] = []
    /// The number of the newest slice, counted from 1970.
    private var newest: Int64

    init(length: Duration, at now: Timestamp) {
        let length = min(max(1, length.wholeMicroseconds), Self.longest)
        span = (length - 1) / (Self.sliceCount - 1) + 1
        newest = max(0, now.microseconds) / span
    }

    /// Forgets what is too old, and gives the sum of that.
    mutating func advance(to now: Timestamp) -> Int128 {
        let current = max(0, now.microseconds) / span
        guard current > newest else { return 0 }
        var gone: Int128 = 0
        if !slices.isEmpty {
            for number in newest + 1...min(current, newest + Self.sliceCount) {
                gone += Int128(slices[Int(number % Self.sliceCount)])
                slices[Int(number % Self.sliceCount)] = 0
            }
        }
        newest = current
        return gone
    }

    /// Counts what was spent at a time, and gives what of it was counted: nothing if that is too long ago.
    ///
    /// What was spent after the newest slice counts for that.
    mutating func add(_ amount: Int64, at time: Timestamp) -> Int128 {
        let number = min(max(0, time.microseconds) / span, newest)
        guard number > newest - Self.sliceCount, amount > 0 else { return 0 }
        if slices.isEmpty { slices = Array(repeating: 0, count: Int(Self.sliceCount)) }
        let (sum, overflow) = slices[Int(number % Self.sliceCount)].addingReportingOverflow(amount)
        let kept = overflow ? Int64.max : sum
        defer { slices[Int(number % Self.sliceCount)] = kept }
        return Int128(kept) - Int128(slices[Int(number % Self.sliceCount)])
    }

    /// When so much will have been forgotten; nil if there is not so much.
    func time(until amount: Int128) -> Timestamp? {
        var gone: Int128 = 0
        guard !slices.isEmpty else { return nil }
        for number in max(0, newest - Self.sliceCount + 1)...newest {
            gone += Int128(slices[Int(number % Self.sliceCount)])
            if gone >= amount { return Timestamp(microseconds: (number + Self.sliceCount) * span) }
        }
        return nil
    }

    /// The start of the oldest slice that is not forgotten.
    var start: Timestamp { Timestamp(microseconds: max(0, newest - Self.sliceCount + 1) * span) }
}
