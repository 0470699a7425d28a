import NIOPosix
import NIOSSL
import SiraAlerts
import SiraConfiguration
import SiraCore
import SiraUpstream
import SiraWire

/// Carries messages of alerts to where they are to go, by the settings in force.
struct AlertCarrier: Sendable {
    /// The settings in force.
    let settings: @Sendable () -> Settings

    /// Who mail is from; nil where no mail is sent.
    var sender: MailAddress? {
        let mail = settings().alerts.mail
        return mail.host == nil ? nil : mail.from.flatMap { MailAddress($0) }
    }

    /// - Throws: ``AddressRefusal`` where the URL leads to what may not be asked, and other errors where nothing came.
    func send(_ notice: OutgoingNotice) async throws -> NoticeAnswer {
        switch notice.content {
        case .http(let url, let headers, let body): try await post(body, to: url, headers)
        case .mail(let message): try await mail(message)
        }
    }

    private func post(_ body: [UInt8], to url: Secret, _ headers: [OutgoingNotice.Header]) async throws -> NoticeAnswer
    {
        let addressGuard = settings().alerts.addressGuard
        let target = try addressGuard.target(of: url.reveal())
        var fields = HeaderFields()
        fields.append("user-agent", "sira/\(siraVersion)")
        for header in headers { fields.append(header.name.lowercased(), header.value) }
        let answer = try await OutgoingHTTP(addressGuard: addressGuard, answerLimit: 65_536).send(
            "POST",
            to: Endpoint(host: target.host, port: target.port, usesTLS: target.usesTLS),
            path: target.path.reveal(),
            headers: fields,
            body: body
        )
        return NoticeAnswer(status: answer.status, body: answer.body, retryAfter: answer.headers["retry-after"])
    }

    private func mail(_ message: MailMessage) async throws -> NoticeAnswer {
        let current = settings()
        let mail = current.alerts.mail
        guard let host = mail.host else { throw SMTPFailure(.connect, "no mail server is set up") }
        var settings = SMTPSettings(
            host: host,
            port: mail.port,
            security: SMTPSettings.Security(rawValue: mail.security.rawValue) ?? .startTLS
        )
        (settings.user, settings.password) = (mail.user, mail.password)
        let tls = try NIOSSLContext(configuration: .makeClientConfiguration())
        let group = MultiThreadedEventLoopGroup.singleton
        guard current.isMailServerOfLayer else {
            return try await SMTPClient(settings: settings, group: group, tls: tls).deliver(message)
        }
        let addressGuard = current.alerts.addressGuard
        try await GuardedResolver(addressGuard, loop: group.next()).check(HostHeader.bare(host))
        let client = SMTPClient(settings: settings, group: group, tls: tls) { GuardedResolver(addressGuard, loop: $0) }
        return try await client.deliver(message)
    }
}

extension AlertSettings {
    /// Where messages may be sent.
    fileprivate var addressGuard: AddressGuard {
        AddressGuard(allowsLoopback: allowsLoopback, allowsOwnNetwork: allowsPrivateNetworks)
    }
}

extension Settings {
    /// Whether the mail server was changed in the console, by somebody who may be anywhere.
    fileprivate var isMailServerOfLayer: Bool {
        ["host", "port"].contains { origin.isOfLayer("alerts.mail.\($0)") }
    }
}
