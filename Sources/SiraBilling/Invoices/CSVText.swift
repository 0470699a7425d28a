/// Writes comma-separated values, RFC 4180.
struct CSVText {
    private(set) var text = ""

    /// A value of a row.
    enum Value {
        /// What somebody wrote. Where a spreadsheet would take it for a formula, an apostrophe keeps it from doing so.
        case text(String)
        /// What Sira wrote: a number or a date, which stays as it is.
        case figure(String)
    }

    mutating func row(_ values: [Value]) {
        text += values.map(Self.field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ value: Value) -> String {
        switch value {
        case .figure(let figure): quoted(figure)
        case .text(let text):
            // OWASP, "CSV Injection": what these begin is a formula to spreadsheets, and so it is behind blanks.
            if let first = text.unicodeScalars.first(where: { $0 != " " && $0 != "\u{FEFF}" && $0 != "\u{A0}" }),
                "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
            {
                quoted("'" + text)
            } else {
                quoted(text)
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
