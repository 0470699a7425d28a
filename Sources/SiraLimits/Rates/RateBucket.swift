/// Whether claims keep to a rate: the Generic Cell Rate Algorithm as virtual scheduling (ITU-T I.371, annex A).
///
/// One moment is kept, the theoretical arrival time: how far ahead of the clock it is, is what was taken and has not
/// come back yet. A claim conforms if it moves that moment no further ahead than the burst. Moments are counted in
/// nanoseconds times the rate's amount, in which a unit is worth exactly the window's nanoseconds, so that nothing is
/// ever rounded: 2^63 × 2^63 fits in 128 bits.
///
/// Without corrections no stretch of time lets through more than the burst and what comes back in it. A correction
/// downwards makes room for what was estimated too high, so that beyond this only the estimate errors of claims that
/// were open when the stretch began can get through.
package struct RateBucket: Sendable {
    /// Units that come back in a window; at least 1.
    package private(set) var amount: Int64
    /// Units that can be taken at once after a silence; at least 1.
    package private(set) var burst: Int64
    /// Nanoseconds that one unit is worth.
    private var window: Int128
    /// The theoretical arrival time.
    private var arrival: Int128 = 0
    /// The last moment at which all was known to have come back; what was taken before it cannot be given back again.
    private var emptied: Int128 = -1

    /// Nobody owes more units than this beyond the burst, so that sums stay far from the end of their range.
    private static let most: Int128 = 1 << 62

    /// - Parameter window: nanoseconds, at most a day's.
    package init(amount: Int64, burst: Int64?, window: UInt64) {
        self.amount = max(1, amount)
        self.burst = max(1, burst ?? amount)
        self.window = Int128(max(1, window))
    }

    /// Takes units if that conforms.
    ///
    /// - Parameter now: nanoseconds of uptime.
    package mutating func take(_ units: Int64, at now: UInt64) -> Bool {
        let time = scaled(now)
        let after = max(arrival, time) + Int128(max(0, units)) * window
        guard after - time <= Int128(burst) * window else { return false }
        if arrival <= time { emptied = max(emptied, arrival) }
        arrival = after
        return true
    }

    /// Nanoseconds until a claim would conform if nobody else took anything: 0 if it does now; nil if it never will,
    /// because it is larger than the burst.
    package func wait(for units: Int64, at now: UInt64) -> UInt64? {
        guard units <= burst else { return nil }
        let time = scaled(now)
        let excess = max(arrival, time) + (Int128(max(0, units)) - Int128(burst)) * window - time
        return excess <= 0 ? 0 : nanoseconds(excess)
    }

    /// Corrects a claim that was estimated: takes what it needed besides, even into debt, or gives back the rest.
    ///
    /// - Parameters:
    ///   - difference: what was needed less what was taken.
    ///   - takenAt: the time of the claim. If all has come back since, there is nothing left to give back.
    package mutating func settle(_ difference: Int64, takenAt: UInt64, at now: UInt64) {
        let time = scaled(now)
        guard difference < 0 else {
            arrival = min(max(arrival, time) + Int128(difference) * window, time + (Int128(burst) + Self.most) * window)
            return
        }
        guard arrival > time, scaled(takenAt) >= emptied else { return }
        arrival += Int128(difference) * window
        guard arrival <= time else { return }
        arrival = time
        emptied = max(emptied, time)
    }

    /// Gives back all of a claim, as if it had never been made.
    package mutating func giveBack(_ units: Int64, takenAt: UInt64, at now: UInt64) {
        settle(-max(0, units), takenAt: takenAt, at: now)
    }

    /// Units that a claim could take now.
    package func remaining(at now: UInt64) -> Int64 {
        let left = Int128(burst) * window - max(0, arrival - scaled(now))
        return left <= 0 ? 0 : Int64(left / window)
    }

    /// Nanoseconds until all has come back.
    package func reset(at now: UInt64) -> UInt64 {
        nanoseconds(max(0, arrival - scaled(now)))
    }

    /// Keeps to another rate from now on.
    ///
    /// What was taken stays taken, up to all of the new burst; debt stays debt.
    package mutating func adopt(amount: Int64, burst: Int64?, window: UInt64, at now: UInt64) {
        let next = RateBucket(amount: amount, burst: burst, window: window)
        guard (next.amount, next.burst, next.window) != (self.amount, self.burst, self.window) else { return }
        let ahead = max(0, arrival - scaled(now))
        let used = (ahead + self.window - 1) / self.window
        let debt = max(0, used - Int128(self.burst))
        let emptiedAt = emptied < 0 ? -1 : emptied / Int128(self.amount)
        self = next
        arrival = scaled(now) + min(used, Int128(self.burst) + debt) * self.window
        emptied = emptiedAt < 0 ? -1 : emptiedAt * Int128(self.amount)
    }

    private func scaled(_ uptime: UInt64) -> Int128 { Int128(min(uptime, 1 << 62)) * Int128(amount) }

    /// Real nanoseconds, rounded up.
    private func nanoseconds(_ scaled: Int128) -> UInt64 {
        UInt64(clamping: (scaled + Int128(amount) - 1) / Int128(amount))
    }
}
