import SiraCore
import SiraJSON

/// The message to a custom robot of DingTalk, in Markdown.
///
/// https://open.dingtalk.com/document/robots/custom-robot-access
enum DingTalkFormat {
    static func content(
        _ alert: Alert,
        _ url: Secret,
        _ secret: Secret?,
        _ words: AlertWords,
        _ link: String?,
        at time: Timestamp
    ) -> OutgoingNotice.Content {
        let title = NoticeText.markdown(NoticeText.limited(words.named(alert), bytes: 400))
        var text = "### \(title)\n\n"
        for line in words.lines(alert) {
            let value = NoticeText.markdown(NoticeText.limited(line.text, bytes: 300))
            text += "- **\(NoticeText.markdown(line.label))**: \(value)\n"
        }
        if let link { text += "\n[\(words.linkText)](\(link))\n" }
        var json = JSONWriter()
        json.object { message in
            message.member("msgtype", "markdown")
            message.object("markdown") {
                $0.member("title", title)
                $0.member("text", NoticeText.limited(text, bytes: 5_000))
            }
        }
        // The character set must be named.
        let headers = [OutgoingNotice.Header("content-type", "application/json; charset=utf-8")]
        return .http(url: signed(url, secret, at: time), headers: headers, body: json.bytes)
    }

    /// The URL with the parameters `timestamp` and `sign`.
    private static func signed(_ url: Secret, _ secret: Secret?, at time: Timestamp) -> Secret {
        guard let secret else { return url }
        let milliseconds = time.microseconds / 1_000
        let sign = NoticeSignature.dingTalk(secret: secret, milliseconds: milliseconds)
        let text = url.reveal()
        let joint = text.contains("?") ? "&" : "?"
        return Secret("\(text)\(joint)timestamp=\(milliseconds)&sign=\(encoded(sign))")
    }

    /// Base 64 as a parameter of a URL.
    private static func encoded(_ text: String) -> String {
        text.reduce(into: "") { encoded, character in
            switch character {
            case "+": encoded += "%2B"
            case "/": encoded += "%2F"
            case "=": encoded += "%3D"
            default: encoded.append(character)
            }
        }
    }
}
