extension Timestamp {
    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads a date of HTTP's preferred form, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    ///
    /// Nil for other texts. The name of the day of the week is not compared with the date.
    package init?(httpDate text: some StringProtocol) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].count == 4, parts[0].last == ",", parts[5] == "GMT" else { return nil }
        guard let month = Timestamp.months.firstIndex(where: { $0 == parts[2] }) else { return nil }
        let date = "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])"
        guard let day = CalendarDay(date) else { return nil }
        let times = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        let numbers = times.compactMap { $0.count == 2 && $0.utf8.allSatisfy(isDigit) ? Int64($0) : nil }
        guard times.count == 3, numbers.count == 3 else { return nil }
        // A minute may have a leap second.
        guard numbers[0] < 24, numbers[1] < 60, numbers[2] <= 60 else { return nil }
        let seconds = day.daysSinceEpoch * 86_400 + numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]
        self.init(microseconds: seconds * 1_000_000)
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
