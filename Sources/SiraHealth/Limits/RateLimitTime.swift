import SiraCore

/// Reads the ways in which providers say when something will be over.
///
/// Times become those of ``GatewayClock/uptime``. None is further away than a day: no limit of a provider's lasts longer,
/// and a clock that is wrong should not keep anybody out for a year.
struct RateLimitTime: Sendable {
    let now: Timestamp
    let uptime: UInt64

    private static let longest = 86_400.0

    /// So many seconds from now; now where that is past.
    func after(seconds: Double) -> UInt64 {
        guard seconds > 0 else { return uptime }
        return uptime.later(by: UInt64(min(seconds, Self.longest) * 1_000_000_000))
    }

    /// A time of day.
    func at(_ time: Timestamp) -> UInt64 {
        after(seconds: (Double(time.microseconds) - Double(now.microseconds)) / 1_000_000)
    }

    /// The value of `retry-after`: seconds, or a date of HTTP.
    ///
    /// Some write a span such as `1.5s`.
    func retryAfter(_ text: String) -> UInt64? {
        if let date = Timestamp(httpDate: text) { return at(date) }
        return Self.span(text).map { after(seconds: $0) }
    }

    /// The value of a field named reset: a span, a time of RFC 3339, or a number.
    ///
    /// Numbers are told apart by size: seconds from now, seconds since 1970, milliseconds since 1970.
    func reset(_ text: String) -> UInt64? {
        if let number = Self.number(text) {
            if number >= 100_000_000_000 {
                return after(seconds: number / 1_000 - Double(now.microseconds) / 1_000_000)
            }
            if number >= 1_000_000_000 { return after(seconds: number - Double(now.microseconds) / 1_000_000) }
            return after(seconds: number)
        }
        if let time = Timestamp(rfc3339: text) { return at(time) }
        return Self.span(text).map { after(seconds: $0) }
    }

    /// A decimal number that is not negative: digits, perhaps a point and more of them.
    static func number(_ text: some StringProtocol) -> Double? {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 32, bytes.contains(where: isDigit) else { return nil }
        guard bytes.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) else { return nil }
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// The seconds of a span such as `1h2m3.5s`, `20ms` or `6m0s`; of a number without a unit, that number.
    static func span(_ text: String) -> Double? {
        if let number = number(text) { return number }
        guard text.utf8.count <= 64 else { return nil }
        var rest = text[...]
        var seconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isWholeNumber || $0 == ".") }
            rest = rest[digits.endIndex...]
            let name = rest.prefix { $0.isLetter }
            rest = rest[name.endIndex...]
            guard let number = number(digits), let unit = unit(name) else { return nil }
            seconds += number * unit
        }
        return seconds.isFinite && !text.isEmpty ? seconds : nil
    }

    private static func unit(_ name: Substring) -> Double? {
        switch name {
        case "d": 86_400
        case "h": 3_600
        case "m": 60
        case "s": 1
        case "ms": 1e-3
        case "us", "µs", "μs": 1e-6
        case "ns": 1e-9
        default: nil
        }
    }
}

extension Timestamp {
    /// Reads a time of RFC 3339 such as `2026-01-19T22:00:00.5Z` or `2026-01-19T23:00:00+01:00`; nil for anything else.
    init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, bytes[10] | 0x20 == UInt8(ascii: "t") else { return nil }
        guard let day = CalendarDay(String(decoding: bytes[..<10], as: UTF8.self)) else { return nil }
        guard bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":") else { return nil }
        guard let hour = twoDigits(bytes[11..<13]), let minute = twoDigits(bytes[14..<16]),
            let second = twoDigits(bytes[17..<19]), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: isDigit)
            guard !digits.isEmpty else { return nil }
            for place in 0..<6 {
                let digit = place < digits.count ? digits[digits.startIndex + place] - UInt8(ascii: "0") : 0
                fraction = fraction * 10 + Int64(digit)
            }
            rest = rest[digits.endIndex...]
        }
        guard let offset = zone(rest) else { return nil }
        let seconds = day.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }
}

/// The seconds that a zone such as `Z` or `-05:30` is ahead of UTC.
private func zone(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let bytes = Array(bytes)
    if bytes.count == 1, bytes[0] | 0x20 == UInt8(ascii: "z") { return 0 }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":") else { return nil }
    guard let hours = twoDigits(bytes[1..<3]), let minutes = twoDigits(bytes[4..<6]), hours < 24, minutes < 60
    else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
    default: return nil
    }
}

private func twoDigits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard bytes.count == 2, bytes.allSatisfy(isDigit) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
