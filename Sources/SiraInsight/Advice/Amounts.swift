import SiraCore

extension NanoUSD {
    /// What so many tokens cost at a price in nano-dollars per million, rounded down; at the limit beyond it.
    init(_ tokens: Int64, at price: Int64) {
        self.init(nanos: Int64(clamping: Int128(tokens) * Int128(price) / 1_000_000))
    }

    /// Halfway to the other amount, rounded down.
    func middle(_ other: NanoUSD) -> NanoUSD {
        NanoUSD(nanos: Int64((Int128(nanos) + Int128(other.nanos)) / 2))
    }
}

extension Int64 {
    /// The product, or the limit that it would go beyond.
    func multipliedClamped(by other: Int64) -> Int64 {
        Int64(clamping: Int128(self) * Int128(other))
    }
}
