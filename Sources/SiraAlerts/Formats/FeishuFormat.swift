import SiraCore
import SiraJSON

/// The message to a custom bot of Feishu or Lark: a card.
///
/// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. A request may have 20 KB.
enum FeishuFormat {
    static func content(
        _ alert: Alert,
        _ url: Secret,
        _ secret: Secret?,
        _ words: AlertWords,
        _ link: String?,
        at time: Timestamp
    ) -> OutgoingNotice.Content {
        var json = JSONWriter()
        json.object { message in
            if let secret {
                message.member("timestamp", String(time.seconds))
                message.member("sign", NoticeSignature.feishu(secret: secret, at: time))
            }
            message.member("msg_type", "interactive")
            message.object("card") { card in
                card.object("config") { $0.member("wide_screen_mode", true) }
                card.object("header") { header in
                    header.member("template", color(of: alert))
                    header.object("title") {
                        $0.member("tag", "plain_text")
                        $0.member("content", NoticeText.limited(NoticeText.oneLine(words.named(alert)), bytes: 400))
                    }
                }
                card.array("elements") { elements in
                    markdown(text(of: words.lines(alert)), in: &elements)
                    if let link { button(words.linkText, link, in: &elements) }
                }
            }
        }
        let headers = [OutgoingNotice.Header("content-type", "application/json; charset=utf-8")]
        return .http(url: url, headers: headers, body: json.bytes)
    }

    private static func color(of alert: Alert) -> String {
        guard alert.state == .firing else { return "green" }
        return switch alert.severity {
        case .info: "blue"
        case .warning: "orange"
        case .critical: "red"
        }
    }

    private static func text(of lines: [AlertFact]) -> String {
        lines.map { line in
            let text = NoticeText.markdown(NoticeText.limited(line.text, bytes: 300))
            return "**\(NoticeText.markdown(line.label))**: \(text)"
        }.joined(separator: "\n")
    }

    private static func markdown(_ text: String, in elements: inout JSONWriter) {
        elements.object { element in
            element.member("tag", "div")
            element.object("text") {
                $0.member("tag", "lark_md")
                $0.member("content", text)
            }
        }
    }

    private static func button(_ text: String, _ link: String, in elements: inout JSONWriter) {
        elements.object { element in
            element.member("tag", "action")
            element.array("actions") {
                $0.object { button in
                    button.member("tag", "button")
                    button.object("text") {
                        $0.member("tag", "plain_text")
                        $0.member("content", text)
                    }
                    button.member("type", "default")
                    button.member("url", link)
                }
            }
        }
    }
}
