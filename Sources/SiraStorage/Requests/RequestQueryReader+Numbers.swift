import SiraCore

extension RequestQueryReader {
    /// `>2s`, `>=0.01`, `<500ms`, `100..200`, `5xx` or the number itself.
    static func number(
        _ field: RequestTerm.NumberField,
        _ text: String
    ) throws(RequestQueryError) -> RequestTerm.Test {
        if field == .status, text.count == 3, text.lowercased().hasSuffix("xx"), let first = Int64(text.prefix(1)) {
            return .number(field, least: first * 100, most: first * 100 + 99)
        }
        if let dots = text.firstRange(of: "..") {
            let least = try value(field, text[..<dots.lowerBound])
            return .number(field, least: least, most: try value(field, text[dots.upperBound...]))
        }
        for (sign, isLeast, step) in [(">=", true, 0), ("<=", false, 0), (">", true, 1), ("<", false, -1)]
        where text.hasPrefix(sign) {
            let bound = try value(field, text.dropFirst(sign.count)) + Int64(step)
            return .number(field, least: isLeast ? bound : nil, most: isLeast ? nil : bound)
        }
        let exact = try value(field, Substring(text))
        return .number(field, least: exact, most: exact)
    }

    /// A number in the unit of its field.
    private static func value(
        _ field: RequestTerm.NumberField,
        _ text: Substring
    ) throws(RequestQueryError) -> Int64 {
        let number: Int64?
        switch field {
        case .latency, .ttft, .queue, .overhead: number = microseconds(text)
        case .cost, .saved: number = NanoUSD(decimal: text.first == "$" ? text.dropFirst() : text)?.nanos
        case .tokens, .input, .output, .cached, .reasoning, .status, .attempts: number = count(text)
        }
        // Far enough from the ends that bounds can be moved by one.
        guard let number, number.magnitude < Int64.max / 2 else {
            throw RequestQueryError("“\(field.rawValue):\(text)” is not a number such as \(example(field)).")
        }
        return number
    }

    private static func example(_ field: RequestTerm.NumberField) -> String {
        switch field {
        case .latency, .ttft, .queue, .overhead: ">2s, <=300ms or 1s..5s"
        case .cost, .saved: ">=0.01 or 0.5..2 dollars"
        case .status: "429, 5xx or >=400"
        default: ">1000, 2k or 10..20"
        }
    }

    /// Milliseconds where no unit stands behind the number.
    private static func microseconds(_ text: Substring) -> Int64? {
        for (unit, factor) in [("us", 1.0), ("µs", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000)]
        where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).flatMap { Int64(exactly: ($0 * factor).rounded()) }
        }
        return Double(text).flatMap { Int64(exactly: ($0 * 1_000).rounded()) }
    }

    private static func count(_ text: Substring) -> Int64? {
        for (unit, factor) in [("k", 1_000.0), ("m", 1_000_000)] where text.lowercased().hasSuffix(unit) {
            return Double(text.dropLast()).flatMap { Int64(exactly: ($0 * factor).rounded()) }
        }
        return Int64(text)
    }
}
