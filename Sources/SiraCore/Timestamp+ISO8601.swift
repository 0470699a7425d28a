extension Timestamp {
    /// Reads a time of RFC 3339, such as `2026-11-21T04:26:00Z`, `2026-11-21T04:26:00.123456+08:00`, or a day.
    ///
    /// A day is its midnight in UTC; seconds may be left out. Nil for other texts.
    package init?(iso8601 text: some StringProtocol) {
        if let day = CalendarDay(text) {
            self = day.start
            return
        }
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = CalendarDay(halves[0]) else { return nil }
        guard let (clock, offset) = Self.splitZone(String(halves[1])) else { return nil }
        let pieces = clock.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = pieces[0].split(separator: ":", omittingEmptySubsequences: false).map(Self.pair)
        guard (2...3).contains(numbers.count), let hour = numbers[0], let minute = numbers[1], hour < 24, minute < 60,
            let second = numbers.count == 3 ? numbers[2] : 0, second < 60
        else { return nil }
        guard let fraction = pieces.count == 2 ? Self.micros(pieces[1]) : 0 else { return nil }
        let seconds = day.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    /// The time of day, and the minutes by which it is ahead of UTC.
    private static func splitZone(_ text: String) -> (clock: Substring, offset: Int64)? {
        if text.hasSuffix("Z") || text.hasSuffix("z") { return (text.dropLast(), 0) }
        let zone = text.suffix(6)
        guard zone.count == 6, let sign = zone.first, sign == "+" || sign == "-" else { return nil }
        let parts = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map(pair)
        guard parts.count == 2, let hours = parts[0], let minutes = parts[1], hours < 24, minutes < 60 else {
            return nil
        }
        let offset = hours * 60 + minutes
        return (text.dropLast(6), sign == "-" ? -offset : offset)
    }

    private static func pair(_ text: Substring) -> Int64? {
        text.utf8.count == 2 && text.utf8.allSatisfy(isDigit) ? Int64(text) : nil
    }

    /// The first six digits after the point, as microseconds.
    private static func micros(_ text: Substring) -> Int64? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        return Int64((text + "000000").prefix(6))
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
