package import SiraCore

/// A place where people are told of alerts.
package struct AlertChannel: Hashable, Sendable {
    /// Where messages go, and in which form.
    package enum Destination: Hashable, Sendable {
        /// JSON to an operator's own program; signed when there is a secret.
        case webhook(url: Secret, signing: Secret?)
        /// An incoming webhook of Slack's.
        case slack(url: Secret)
        /// A custom bot of Feishu or Lark; signed when there is a secret.
        case feishu(url: Secret, signing: Secret?)
        /// A custom robot of DingTalk; signed when there is a secret.
        case dingTalk(url: Secret, signing: Secret?)
        /// A group robot of WeCom.
        case weCom(url: Secret)
        case mail(from: MailAddress, to: [MailAddress])
    }

    package let id: String
    package var name: String
    package var destination: Destination
    package var language: AlertLanguage
    package var isEnabled: Bool
    /// Where people find more; nil for none.
    ///
    /// Shown in messages, so it must be no secret.
    package var link: String?

    package init(
        id: String,
        name: String = "",
        destination: Destination,
        language: AlertLanguage = .english,
        isEnabled: Bool = true,
        link: String? = nil
    ) {
        self.id = id
        self.name = name
        self.destination = destination
        self.language = language
        self.isEnabled = isEnabled
        self.link = link
    }

    /// The message that tells of an alert.
    ///
    /// Signatures hold the time, so a message is made anew for each try.
    package func notice(of alert: Alert, at time: Timestamp) -> OutgoingNotice {
        let words = AlertWords(language)
        let content: OutgoingNotice.Content =
            switch destination {
            case .webhook(let url, let signing): WebhookFormat.content(alert, url, signing, at: time)
            case .slack(let url): SlackFormat.content(alert, url, words, link)
            case .feishu(let url, let signing): FeishuFormat.content(alert, url, signing, words, link, at: time)
            case .dingTalk(let url, let signing): DingTalkFormat.content(alert, url, signing, words, link, at: time)
            case .weCom(let url): WeComFormat.content(alert, url, words, link)
            case .mail(let from, let to): .mail(MailFormat.message(alert, from, to, words, link))
            }
        return OutgoingNotice(id: alert.id, channel: id, content: content)
    }

    /// The URL that is asked; nil for mail.
    package var url: Secret? {
        switch destination {
        case .webhook(let url, _), .slack(let url), .feishu(let url, _), .dingTalk(let url, _), .weCom(let url): url
        case .mail: nil
        }
    }

    /// The kind of channel, for settings and logs.
    package var kind: String {
        switch destination {
        case .webhook: "webhook"
        case .slack: "slack"
        case .feishu: "feishu"
        case .dingTalk: "dingtalk"
        case .weCom: "wecom"
        case .mail: "mail"
        }
    }
}

/// The languages of messages.
package enum AlertLanguage: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh-CN"
}
