extension Kind where Value == Int {
    /// A number of bytes, such as `20 MB` or `512 KiB`.
    static func size(_ range: ClosedRange<Int>) -> Kind {
        let shape = ScalarShape(
            label: "size",
            forms: [.integer(range), .text(pattern: "^[0-9_]+(\\.[0-9]+)? ?([kKMGT]i?B|B)?$")]
        )
        return .scalar(shape, write: { ByteSize.text($0) }) { text throws(Refusal) in
            guard let bytes = ByteSize.bytes(text) else {
                throw Refusal("is not a size; write it as 20 MB, 512 KiB or a number of bytes")
            }
            guard range.contains(bytes) else {
                throw Refusal("is not within \(ByteSize.text(range.lowerBound)) and \(ByteSize.text(range.upperBound))")
            }
            return bytes
        }
    }
}

extension Kind where Value == Duration {
    /// A length of time, such as `10s` or `250ms`.
    static func duration(_ range: ClosedRange<Duration>) -> Kind { .scalar(.duration(range)) }
}

extension TextForm where Value == Duration {
    /// A length of time, such as `10s` or `250ms`.
    static func duration(_ range: ClosedRange<Duration>) -> TextForm {
        let shape = ScalarShape(
            label: "duration",
            forms: [.text(pattern: "^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$"), .integer(0...0)]
        )
        return TextForm(shape: shape, write: { TimeSpan.text($0) }) { text throws(Refusal) in
            guard let duration = TimeSpan.duration(text) else {
                let unit = Int(plainDecimal: text).map {
                    "; which unit? Write \($0)s for seconds or \($0)ms for milliseconds"
                }
                throw Refusal("is not a duration\(unit ?? "; write it as 250ms, 10s, 5m or 1h30m")")
            }
            guard range.contains(duration) else {
                throw Refusal("is not within \(TimeSpan.text(range.lowerBound)) and \(TimeSpan.text(range.upperBound))")
            }
            return duration
        }
    }
}

/// Numbers of bytes as people write them.
enum ByteSize {
    /// Powers of a thousand first, so that what can be written without `i` is.
    private static let units: [(name: String, bytes: Int)] = [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// Reads a number and a unit; nil when it is neither, out of range, or not a whole number of bytes.
    static func bytes(_ text: String) -> Int? {
        let split = text.firstIndex { !$0.isASCIIDigit && $0 != "." && $0 != "_" } ?? text.endIndex
        let unit = text[split...].drop { $0 == " " }
        if unit.isEmpty || unit == "B" { return Int(plainDecimal: String(text[..<split])) }
        guard let scale = units.first(where: { $0.name.lowercased() == unit.lowercased() }) else { return nil }
        return Decimal.scaled(text[..<split], by: scale.bytes)
    }

    /// The shortest way to write it.
    static func text(_ bytes: Int) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else { return String(bytes) }
        return "\(bytes / unit.bytes) \(unit.name)"
    }
}

/// Lengths of time as people write them.
enum TimeSpan {
    /// Milliseconds of each unit.
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads numbers with units, the larger first, such as `1h30m`; nil when it is none.
    static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var rest = text[...]
        var total = 0
        var smallest = Int.max
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCIIDigit || $0 == "." }
            rest = rest[number.endIndex...]
            let name = rest.prefix { $0.isLetter }
            rest = rest[name.endIndex...]
            guard let unit = units.first(where: { $0.name == name }), unit.milliseconds < smallest else { return nil }
            guard let part = Decimal.scaled(number, by: unit.milliseconds) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            (total, smallest) = (sum, unit.milliseconds)
        }
        return .milliseconds(total)
    }

    /// The duration in the largest unit that makes it a whole number; parts of a millisecond are left off.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        let unit = units.first { milliseconds.isMultiple(of: $0.milliseconds) } ?? ("ms", 1)
        return milliseconds == 0 ? "0s" : "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

/// Decimal numbers without floating point.
private enum Decimal {
    /// The number times `scale`; nil when it is no number, too large, or not whole after scaling.
    static func scaled(_ text: Substring, by scale: Int) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int(plainDecimal: String(parts[0])), whole >= 0 else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        guard (1...9).contains(parts[1].count), parts[1].allSatisfy(\.isASCIIDigit), let digits = Int(parts[1]) else {
            return nil
        }
        var denominator = 1
        for _ in parts[1] { denominator *= 10 }
        let (numerator, tooLarge) = digits.multipliedReportingOverflow(by: scale)
        guard !tooLarge, numerator.isMultiple(of: denominator) else { return nil }
        let (sum, overflows) = product.addingReportingOverflow(numerator / denominator)
        return overflows ? nil : sum
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
