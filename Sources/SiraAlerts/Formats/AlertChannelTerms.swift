package import SiraCore
package import SiraStorage
package import SiraTenancy

/// A channel as an operator sets it.
package struct AlertChannelTerms: Resource {
    /// What is at its other end.
    package enum Service: String, Hashable, Sendable, CaseIterable {
        case webhook, slack, feishu, dingtalk, wecom, mail
    }

    package static let kind = ResourceKind.alertChannel
    package static let summary = "A place where people are told of alerts."

    package var name = ""
    package var service = Service.webhook
    /// Who has it can write to the group.
    package var url: Secret?
    package var signingSecret: Secret?
    package var recipients: [String] = []
    package var language = AlertLanguage.english
    package var link: String?
    package var takesUsualRules = true
    package var isEnabled = true

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("kind", \.service, .word, isRequired: true, isFixed: true, "What is at its other end.")
        GroupField(
            "url",
            \.url,
            .secret(1...2_000),
            isSecret: true,
            "The webhook's or bot's URL, for all kinds but mail."
        )
        GroupField(
            "signing_secret",
            \.signingSecret,
            .secret(1...500),
            isSecret: true,
            "What messages are signed with, for webhook, feishu and dingtalk."
        )
        GroupField("recipients", \.recipients, .list(.email, 0...50), "Who gets mail.")
        GroupField("language", \.language, .word, "The language of messages.")
        GroupField("link", \.link, .text(1...1_000), "Where people find more; shown in messages.")
        GroupField("usual_rules", \.takesUsualRules, .boolean, "Whether it is told of the rules that nobody has made.")
        GroupField("enabled", \.isEnabled, .boolean, "Whether anything is sent.")
    }

    package var contradictions: [FieldProblem] {
        var problems: [FieldProblem] = []
        if service == .mail {
            if url != nil { problems.append(FieldProblem("url", "is not for mail")) }
            if recipients.isEmpty { problems.append(FieldProblem("recipients", "are needed for mail")) }
        } else {
            if !recipients.isEmpty { problems.append(FieldProblem("recipients", "are for mail")) }
            if url == nil { problems.append(FieldProblem("url", "is needed")) }
        }
        if signingSecret != nil, ![.webhook, .feishu, .dingtalk].contains(service) {
            problems.append(FieldProblem("signing_secret", "is for webhook, feishu and dingtalk"))
        }
        return problems
    }

    /// Whether its secrets can be used; not while the master key is another than the one they were sealed with.
    package var isReadable: Bool {
        ![url, signingSecret].contains { $0.map { Seal.isSealed($0.reveal()) } ?? false }
    }

    /// The channel as deliveries know it.
    ///
    /// - Parameter sender: who mail is from; nil where no mail is sent.
    /// - Returns: nil for a channel of mail while there is no sender.
    package func channel(id: String, sender: MailAddress?) -> AlertChannel? {
        let url = url ?? Secret("")
        let destination: AlertChannel.Destination
        switch service {
        case .webhook: destination = .webhook(url: url, signing: signingSecret)
        case .slack: destination = .slack(url: url)
        case .feishu: destination = .feishu(url: url, signing: signingSecret)
        case .dingtalk: destination = .dingTalk(url: url, signing: signingSecret)
        case .wecom: destination = .weCom(url: url)
        case .mail:
            guard let sender else { return nil }
            destination = .mail(from: sender, to: recipients.compactMap { MailAddress($0) })
        }
        return AlertChannel(
            id: id,
            name: name,
            destination: destination,
            language: language,
            isEnabled: isEnabled,
            link: link
        )
    }

    /// How the kind is registered.
    package static var type: ResourceType { ResourceType(Self.self, unique: { ["name": $0.name.lowercased()] }) }
}
