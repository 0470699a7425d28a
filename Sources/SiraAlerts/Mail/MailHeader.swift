import SiraCore

/// Fields of a mail's header, RFC 5322, with other letters than those of ASCII as RFC 2047 writes them.
enum MailHeader {
    /// A text as it may stand in a field: without line breaks and other controls, and encoded where it has to be.
    ///
    /// Encoded words have at most 75 characters and break between characters, never within one.
    static func text(_ text: String) -> String {
        let line = NoticeText.oneLine(text)
        let isPlain = line.utf8.count <= 900 && !line.contains("=?") && line.utf8.allSatisfy { $0 < 0x7F }
        if isPlain { return folded(line) }
        var words: [String] = []
        var held: [UInt8] = []
        for character in line {
            let bytes = Array(character.utf8)
            // 39 bytes are 52 letters of base 64; with what is around them and the field's name they fill a line.
            if held.count + bytes.count > 39, !held.isEmpty {
                words.append("=?UTF-8?B?\(Base64.encoded(held))?=")
                held = []
            }
            // A single character can be as long as its author likes; it is cut between scalars then.
            for scalar in character.unicodeScalars {
                let part = Array(String(scalar).utf8)
                if held.count + part.count > 39 {
                    words.append("=?UTF-8?B?\(Base64.encoded(held))?=")
                    held = []
                }
                held += part
            }
        }
        if !held.isEmpty { words.append("=?UTF-8?B?\(Base64.encoded(held))?=") }
        return words.joined(separator: "\r\n ")
    }

    /// Addresses with their names, each on a line of its own.
    static func addresses(_ list: [MailAddress]) -> String {
        list.map { mailbox in
            guard !mailbox.name.isEmpty else { return mailbox.address }
            return "\(phrase(mailbox.name))\r\n <\(mailbox.address)>"
        }.joined(separator: ",\r\n ")
    }

    /// A date such as `Sat, 21 Nov 2026 20:27:39 +0000` (RFC 5322, section 3.3).
    static func date(_ time: Timestamp) -> String {
        let day = CalendarDay(daysSinceEpoch: time.day)
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]  // 1970-01-01 was a Thursday
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = weekdays[Int(((time.day % 7) + 7) % 7)]
        let seconds = time.seconds - time.day * 86_400
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { String(100 + $0).dropFirst() }
        return "\(weekday), \(day.day) \(months[day.month - 1]) \(day.year) \(clock.joined(separator: ":")) +0000"
    }

    /// A name before an address.
    private static func phrase(_ name: String) -> String {
        let isAtoms = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x20
        }
        if isAtoms, name.utf8.count <= 60 { return name }
        guard name.utf8.allSatisfy({ $0 < 0x7F }), name.utf8.count <= 60 else { return text(name) }
        let escaped = name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(escaped)\""
    }

    /// A plain text broken at spaces, so that lines stay below 78 characters where they can.
    private static func folded(_ text: String) -> String {
        var (folded, length) = ("", 12)
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            if !folded.isEmpty {
                let breaks = length + 1 + word.utf8.count > 76
                folded += breaks ? "\r\n " : " "
                length = breaks ? 1 : length + 1
            }
            folded += word
            length += word.utf8.count
        }
        return folded
    }
}
