package import SiraCore

/// Statistics are made in floating point; sums that are booked never are.
extension NanoUSD {
    /// The amount in dollars, as near as a `Double` comes to it.
    package var dollars: Double { Double(nanos) / Double(Self.perDollar) }

    /// The nearest amount to so many dollars, half away from zero; at the limit where they are beyond it, 0 for NaN.
    package init(dollars: Double) {
        self.init(nanos: (dollars * Double(Self.perDollar)).rounded().clampedToInt64)
    }

    /// The share of the amount, rounded to the nearest billionth of a dollar.
    func scaled(by share: Double) -> NanoUSD { NanoUSD(nanos: (Double(nanos) * share).rounded().clampedToInt64) }
}

extension Double {
    /// The whole number, or the nearest that there is; 0 for NaN.
    fileprivate var clampedToInt64: Int64 {
        guard !isNaN else { return 0 }
        // 2^63 itself is one too many.
        return self >= 0x1p63 ? .max : self <= -0x1p63 ? .min : Int64(self)
    }
}
