import SiraCore
import SiraJSON

/// The message to an incoming webhook of Slack's.
///
/// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and /reference/block-kit/blocks. Limits
/// there: a header of 150 characters, ten fields in a section of 2,000 characters each.
enum SlackFormat {
    static func content(_ alert: Alert, _ url: Secret, _ words: AlertWords, _ link: String?) -> OutgoingNotice.Content {
        let title = words.title(alert)
        var json = JSONWriter()
        json.object { message in
            // What is shown where blocks are not: in notifications.
            message.member("text", NoticeText.slack(NoticeText.limited(title, bytes: 1_000)))
            message.array("blocks") { blocks in
                blocks.object { header in
                    header.member("type", "header")
                    header.object("text") {
                        $0.member("type", "plain_text")
                        $0.member("text", String(NoticeText.oneLine(title).prefix(149)))
                        $0.member("emoji", false)
                    }
                }
                let lines = words.lines(alert)
                for start in stride(from: 0, to: min(lines.count, 30), by: 10) {
                    section(lines[start..<min(start + 10, lines.count)], in: &blocks)
                }
                if let link { footer("<\(NoticeText.slack(link))|\(words.linkText)>", in: &blocks) }
            }
        }
        let headers = [OutgoingNotice.Header("content-type", "application/json")]
        return .http(url: url, headers: headers, body: json.bytes)
    }

    private static func section(_ lines: ArraySlice<AlertFact>, in blocks: inout JSONWriter) {
        blocks.object { section in
            section.member("type", "section")
            section.array("fields") { fields in
                for line in lines {
                    fields.object {
                        $0.member("type", "mrkdwn")
                        let text = NoticeText.slack(NoticeText.limited(line.text, bytes: 300))
                        $0.member("text", "*\(NoticeText.slack(line.label))*\n\(text)")
                    }
                }
            }
        }
    }

    private static func footer(_ text: String, in blocks: inout JSONWriter) {
        blocks.object { context in
            context.member("type", "context")
            context.array("elements") {
                $0.object {
                    $0.member("type", "mrkdwn")
                    $0.member("text", text)
                }
            }
        }
    }
}
