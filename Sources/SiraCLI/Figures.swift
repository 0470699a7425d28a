import SiraCore

/// How numbers are shown to people.
enum Figures {
    /// Dollars with at least two digits after the point and no needless zeros: `2.50`, `0.0000125`.
    static func dollars(_ amount: NanoUSD) -> String {
        var text = Substring(amount.description)
        while text.last == "0", text.suffix(3).first != "." { text.removeLast() }
        return String(text)
    }

    /// Dollars for a million units, `?` when the price is not known.
    static func price(_ nanosPerMillion: Int64?) -> String {
        nanosPerMillion.map { dollars(NanoUSD(nanos: $0)) } ?? "?"
    }

    /// A count with a comma before each three digits: `1,234,567`.
    static func count(_ number: some BinaryInteger) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(Substring(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(Substring(digits), at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// A number of tokens such as `128k` or `1M`; exact where it is not round.
    static func tokens(_ number: Int?) -> String {
        guard let number else { return "?" }
        if number >= 1_000_000, number % 100_000 == 0 {
            let tenths = number / 100_000
            return tenths % 10 == 0 ? "\(tenths / 10)M" : "\(tenths / 10).\(tenths % 10)M"
        }
        return number >= 1_000 && number % 1_000 == 0 ? "\(number / 1_000)k" : "\(number)"
    }

    /// Microseconds as `850 ms` or `12.3 s`.
    static func duration(microseconds: Int64) -> String {
        let milliseconds = (microseconds + 500) / 1_000
        guard milliseconds >= 10_000 else { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
