package import SiraCore

/// Figures as people read them.
package enum AlertFigure {
    /// The figure in the unit of the kind.
    package static func text(_ figure: Double, of kind: AlertKind) -> String {
        switch kind.unit {
        case .share: percent(figure)
        case .deviations: "\(decimal(figure, digits: 1)) σ"
        case .state: figure >= 1 ? "down" : "up"
        case .bytes: bytes(figure)
        case .seconds: seconds(figure)
        case .dollars: dollars(figure)
        case .count: decimal(figure, digits: 0)
        }
    }

    /// A share of 1 in percent, such as `83.4 %`.
    package static func percent(_ share: Double) -> String { "\(decimal(share * 100, digits: 1)) %" }

    /// Money to the cent, half to even; such as `$81.20`.
    package static func dollars(_ amount: NanoUSD) -> String {
        dollars(Double(amount.nanos) / Double(NanoUSD.perDollar))
    }

    private static func dollars(_ amount: Double) -> String {
        "\(amount < 0 ? "-" : "")$\(decimal(abs(amount), digits: 2))"
    }

    /// A time in its two largest units, such as `2 d 3 h` or `45 s`.
    package static func seconds(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        let sign = seconds < 0 ? "-" : ""
        let whole = Int64(clamping: Int128(min(abs(seconds), 1e15).rounded()))
        let parts = [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
        let shown = parts[first...].prefix(2).filter { $0.0 > 0 }
        return sign + shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// How long a duration is, as ``seconds(_:)`` tells it.
    package static func duration(_ duration: Duration) -> String {
        seconds(Double(duration.wholeMicroseconds) / 1_000_000)
    }

    private static func bytes(_ count: Double) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var (rest, unit) = (count, 0)
        while abs(rest) >= 1_024, unit < units.count - 1 {
            rest /= 1_024
            unit += 1
        }
        return "\(decimal(rest, digits: unit == 0 ? 0 : 1)) \(units[unit])"
    }

    /// With so many digits after the point, half to even; `.0` is left out of figures with one digit.
    static func decimal(_ number: Double, digits: Int) -> String {
        guard number.isFinite else { return "–" }
        var power = 1.0
        for _ in 0..<digits { power *= 10 }
        let scaled = (number * power).rounded(.toNearestOrEven)
        guard abs(scaled) < 9e15 else { return number.description }
        let whole = Int64(scaled)
        let (quotient, rest) = whole.magnitude.quotientAndRemainder(dividingBy: UInt64(power))
        let sign = whole < 0 ? "-" : ""
        guard digits > 0, digits > 1 || rest > 0 else { return "\(sign)\(quotient)" }
        return "\(sign)\(quotient).\(String(UInt64(power) + rest).dropFirst())"
    }
}
