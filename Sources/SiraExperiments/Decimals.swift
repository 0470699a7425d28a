/// Numbers as sentences have them.
enum Decimals {
    /// Three significant digits where there are some after the point: `1234`, `12.3`, `0.0123`.
    static func text(_ number: Double) -> String {
        guard number.isFinite else { return "very much" }
        guard abs(number) < 1e15 else { return "\(number)" }
        var (scale, digits) = (1.0, 0)
        while digits < 9, abs(number) * scale < 99.5, number != 0 {
            scale *= 10
            digits += 1
        }
        guard digits > 0 else { return "\(Int64(number.rounded()))" }
        let scaled = Int64((abs(number) * scale).rounded())
        var fraction = String(scaled % Int64(scale))
        fraction = String(repeating: "0", count: digits - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = (number < 0 && scaled != 0 ? "-" : "") + "\(scaled / Int64(scale))"
        return fraction.isEmpty ? whole : whole + "." + fraction
    }
}
