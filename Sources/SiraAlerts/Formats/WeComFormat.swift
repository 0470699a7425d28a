import SiraCore
import SiraJSON

/// The message to a group robot of WeCom, in Markdown.
///
/// https://developer.work.weixin.qq.com/document/path/91770. The text may have 4,096 bytes; three colours have names.
enum WeComFormat {
    static func content(_ alert: Alert, _ url: Secret, _ words: AlertWords, _ link: String?) -> OutgoingNotice.Content {
        let color = alert.state == .firing ? "warning" : "info"
        let title = NoticeText.markdown(NoticeText.limited(words.named(alert), bytes: 400))
        var text = "### <font color=\"\(color)\">\(title)</font>\n"
        let end = link.map { "[\(words.linkText)](\($0))" } ?? ""
        for line in words.lines(alert) {
            let value = NoticeText.markdown(NoticeText.limited(line.text, bytes: 300))
            let next = "> \(NoticeText.markdown(line.label)): \(value)\n"
            guard text.utf8.count + next.utf8.count + end.utf8.count <= 4_096 else { break }
            text += next
        }
        var json = JSONWriter()
        json.object { message in
            message.member("msgtype", "markdown")
            message.object("markdown") { $0.member("content", text + end) }
        }
        let headers = [OutgoingNotice.Header("content-type", "application/json; charset=utf-8")]
        return .http(url: url, headers: headers, body: json.bytes)
    }
}
