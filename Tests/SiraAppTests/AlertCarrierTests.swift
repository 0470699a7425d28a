import SiraAlerts
import SiraConfiguration
import SiraCore
import Testing

@testable import SiraApp

@Suite struct AlertCarrierTests {
    private func send(file: String, layer: String) async throws -> NoticeAnswer {
        let settings = try Settings.parse(
            file,
            file: "sira.yaml",
            layer: try SettingsLayer(json: Array(layer.utf8))
        )
        let address = try #require(MailAddress("Sira <sira@example.com>"))
        let message = MailMessage(
            from: address,
            to: [address],
            subject: "s",
            text: "t",
            html: "t",
            date: Timestamp(microseconds: 0),
            id: "1@example.com"
        )
        let notice = OutgoingNotice(id: "1", channel: "mail", content: .mail(message))
        return try await AlertCarrier(settings: { settings }).send(notice)
    }

    @Test(arguments: ["localhost", "127.0.0.1", "10.255.255.1", "169.254.169.254"])
    func `a mail server of the console is no way into the operator's network`(host: String) async {
        let layer = #"{"alerts":{"mail":{"host":"\#(host)","port":9,"from":"a@example.com"}}}"#
        await #expect(throws: AddressRefusal.self) { try await send(file: "", layer: layer) }
    }

    @Test(arguments: [
        ("alerts: {mail: {host: 127.0.0.1, port: 9, from: a@example.com}}", "{}"),
        (
            "alerts: {allow_loopback: true}",
            #"{"alerts":{"mail":{"host":"127.0.0.1","port":9,"from":"a@example.com"}}}"#
        ),
    ])
    func `one of the file, or that the file allows, is asked`(_ file: String, _ layer: String) async {
        // Nobody listens there.
        await #expect(throws: SMTPFailure.self) { try await send(file: file, layer: layer) }
    }
}
