/// The message by mail.
enum MailFormat {
    static func message(
        _ alert: Alert,
        _ from: MailAddress,
        _ to: [MailAddress],
        _ words: AlertWords,
        _ link: String?
    ) -> MailMessage {
        let domain = from.domain
        return MailMessage(
            from: from,
            to: to,
            subject: "[Sira] \(words.title(alert))",
            text: words.text(alert, link: link),
            html: html(alert, words, link),
            date: alert.at,
            id: "\(alert.id)@\(domain)",
            // The first message of an incident gathers those that follow.
            thread: alert.number > 0 ? "\(alert.incident)-0@\(domain)" : nil
        )
    }

    private static func html(_ alert: Alert, _ words: AlertWords, _ link: String?) -> String {
        let color = alert.state == .resolved ? "#1a7f37" : alert.severity == .critical ? "#cf222e" : "#9a6700"
        var html = "<!doctype html><html lang=\"\(words.language.rawValue)\"><body style=\"font-family:sans-serif\">"
        html += "<h2 style=\"color:\(color)\">\(NoticeText.html(words.title(alert)))</h2><table cellpadding=\"4\">"
        for line in words.lines(alert) {
            html += "<tr><td><b>\(NoticeText.html(line.label))</b></td><td>\(NoticeText.html(line.text))</td></tr>"
        }
        html += "</table>"
        if let link { html += "<p><a href=\"\(NoticeText.html(link))\">\(NoticeText.html(words.linkText))</a></p>" }
        return html + "</body></html>"
    }
}
