/// An amount of money in billionths of a US dollar.
///
/// Money is never floating point in Sira. The range is ±9.2 billion dollars; sums beyond it stay at the
/// limit instead of wrapping round or ending the process.
package struct NanoUSD: Hashable, Comparable, Sendable {
    /// Billionths of a dollar.
    package var nanos: Int64

    package init(nanos: Int64) {
        self.nanos = nanos
    }

    package static let zero = NanoUSD(nanos: 0)
    package static let perDollar: Int64 = 1_000_000_000

    package static func < (left: NanoUSD, right: NanoUSD) -> Bool { left.nanos < right.nanos }

    package static func + (left: NanoUSD, right: NanoUSD) -> NanoUSD {
        let (sum, overflow) = left.nanos.addingReportingOverflow(right.nanos)
        guard overflow else { return NanoUSD(nanos: sum) }
        return NanoUSD(nanos: left.nanos < 0 ? .min : .max)
    }

    package static func - (left: NanoUSD, right: NanoUSD) -> NanoUSD {
        let (difference, overflow) = left.nanos.subtractingReportingOverflow(right.nanos)
        guard overflow else { return NanoUSD(nanos: difference) }
        return NanoUSD(nanos: left.nanos < 0 ? .min : .max)
    }

    package static func += (left: inout NanoUSD, right: NanoUSD) { left = left + right }
}

extension NanoUSD: CustomStringConvertible {
    /// The exact amount as decimal dollars with nine digits after the point, such as `0.000123456`.
    package var description: String {
        let (dollars, rest) = nanos.magnitude.quotientAndRemainder(dividingBy: UInt64(Self.perDollar))
        var text = nanos < 0 ? "-\(dollars)." : "\(dollars)."
        // The nine digits, after a one that keeps their zeros.
        text += String(UInt64(Self.perDollar) + rest).dropFirst()
        return text
    }
}

extension NanoUSD {
    /// Reads decimal dollars such as `2.5`, `0.000000001` or `-3`; nil when it is not a plain decimal number,
    /// has more than nine digits after the point, or is out of range.
    package init?(decimal text: some StringProtocol) {
        var digits = Substring(text)
        let negative = digits.first == "-"
        if negative { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.allSatisfy(\.isDecimalDigit) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty else { return nil }
        guard fraction.count <= 9, fraction.allSatisfy(\.isDecimalDigit) else { return nil }
        let scaled = whole + fraction + String(repeating: "0", count: 9 - fraction.count)
        guard let magnitude = Int64(scaled) else { return nil }
        self.init(nanos: negative ? -magnitude : magnitude)
    }
}

extension NanoUSD {
    /// Reads a JSON number of dollars (RFC 8259, section 6) such as `0.00012`, `1.5e-05` or `2`, rounded half to even;
    /// nil when it is not a number or is out of range.
    package init?(rounding text: some StringProtocol) {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let exponent = parts.count == 2 ? Int(parts[1]) : 0, (-999...999).contains(exponent) else { return nil }
        let isNegative = parts[0].first == "-"
        let mantissa = (isNegative ? parts[0].dropFirst() : parts[0])
            .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = mantissa.joined()
        guard !digits.isEmpty, digits.allSatisfy(\.isDecimalDigit) else { return nil }
        let shift = 9 + exponent - (mantissa.count == 2 ? mantissa[1].count : 0)
        let significant = digits.drop { $0 == "0" }
        guard shift < 0 else {
            guard let nanos = Int64(significant.isEmpty ? "0" : significant + String(repeating: "0", count: shift))
            else { return nil }
            self.init(nanos: isNegative ? -nanos : nanos)
            return
        }
        guard var nanos = Int64("0" + significant.dropLast(-shift)) else { return nil }
        // What is cut off begins with zeros where it is longer than the number.
        let cut = significant.count < -shift ? "" : significant.suffix(-shift)
        let isBeyondHalf = cut.dropFirst().contains { $0 != "0" } || !nanos.isMultiple(of: 2)
        if let first = cut.first, first > "5" || (first == "5" && isBeyondHalf) {
            guard nanos < Int64.max else { return nil }
            nanos += 1
        }
        self.init(nanos: isNegative ? -nanos : nanos)
    }
}

extension Character {
    fileprivate var isDecimalDigit: Bool { ("0"..."9").contains(self) }
}
