/// Text as it is put into messages of others' making.
enum NoticeText {
    /// At most so many bytes of UTF-8, cut between characters and with an ellipsis at its end where something is cut.
    static func limited(_ text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var kept = ""
        var count = 3  // the ellipsis
        for character in text {
            count += character.utf8.count
            guard count <= limit else { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// Without what would end the line, or turn what follows around.
    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : " " }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    /// For Markdown as bots read it: what would be markup is shown as it is.
    ///
    /// Bots know no common escape, so letters that look alike take the place of those that have a meaning.
    static func markdown(_ text: String) -> String {
        let alike: [Unicode.Scalar: Unicode.Scalar] = [
            "*": "＊", "_": "＿", "`": "｀", "[": "［", "]": "］", "<": "＜", ">": "＞", "#": "＃", "@": "＠", "~": "～",
        ]
        // By scalar: a mark that combines with a letter makes another character of it, and the letter is there still.
        return String(String.UnicodeScalarView(oneLine(text).unicodeScalars.map { alike[$0] ?? $0 }))
    }

    /// For Slack, https://docs.slack.dev/messaging/formatting-message-text.
    static func slack(_ text: String) -> String {
        var escaped = ""
        for scalar in oneLine(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// For HTML, between tags and in attributes with double quotes.
    static func html(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
