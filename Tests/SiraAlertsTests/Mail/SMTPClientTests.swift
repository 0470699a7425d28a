import NIOPosix
import NIOSSL
import SiraAlerts
import SiraCore
import Testing

@Suite struct SMTPClientTests {
    private func message(to: String = "ops@example.com") throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("sira@example.com")),
            to: [try #require(MailAddress(to))],
            subject: "Hello",
            text: "text",
            html: "html",
            date: SampleAlert.start,
            id: "1@example.com"
        )
    }

    /// Hands a mail to a little server; gives the receipt and what the server heard.
    private func send(
        _ manner: LittleMailServer.Manner,
        _ security: SMTPSettings.Security,
        trusts: Bool = true,
        change: (inout SMTPSettings) -> Void = { _ in }
    ) async throws -> (receipt: SMTPReceipt, heard: [String]) {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await LittleMailServer.start(manner, on: group)
        var settings = SMTPSettings(host: "localhost", port: server.port, security: security)
        settings.host = "127.0.0.1"
        settings.user = "sira"
        settings.password = Secret("hush")
        change(&settings)
        var tls = TLSConfiguration.makeClientConfiguration()
        if trusts {
            tls.trustRoots = .certificates([
                try NIOSSLCertificate(bytes: Array(mailServerCertificate.utf8), format: .pem)
            ])
        }
        let client = SMTPClient(settings: settings, group: group, tls: try NIOSSLContext(configuration: tls))
        do {
            let receipt = try await client.send(try message())
            try await server.stop()
            return (receipt, server.received)
        } catch {
            try await server.stop()
            throw error
        }
    }

    @Test func `a mail goes through STARTTLS`() async throws {
        let (receipt, heard) = try await send(.startTLS, .startTLS)
        #expect(receipt == SMTPReceipt(reply: "2.0.0 queued as 42", refused: []))
        #expect(
            heard.prefix(6) == [
                "EHLO localhost", "STARTTLS", "EHLO localhost", "AUTH PLAIN AHNpcmEAaHVzaA==",
                "MAIL FROM:<sira@example.com>",
                "RCPT TO:<ops@example.com>",
            ]
        )
        #expect(heard.contains("Subject: Hello") && heard.contains("."))
    }

    @Test func `a mail goes through TLS from the first byte`() async throws {
        let (receipt, heard) = try await send(.tls, .tls)
        #expect(receipt.reply == "2.0.0 queued as 42")
        #expect(heard.first == "EHLO localhost" && !heard.contains("STARTTLS"))
    }

    @Test func `a name is asked for in the handshake`() async throws {
        let (receipt, _) = try await send(.tls, .tls) { $0.host = "localhost" }
        #expect(receipt.reply == "2.0.0 queued as 42")
    }

    @Test func `a certificate that nobody vouches for ends it before the password`() async throws {
        await #expect(throws: SMTPFailure.self) { try await send(.startTLS, .startTLS, trusts: false) }
        await #expect(throws: SMTPFailure.self) { try await send(.tls, .tls, trusts: false) }
    }

    @Test func `a server that offers no TLS is told nothing`() async throws {
        let failure = await #expect(throws: SMTPFailure.self) { try await send(.plain, .startTLS) }
        #expect(failure?.reason == "the server offers no STARTTLS, and TLS is asked for")
    }

    @Test func `a server that says nothing is left`() async throws {
        let failure = await #expect(throws: SMTPFailure.self) {
            try await send(.silent, .none) { $0.replyTimeout = .milliseconds(20) }
        }
        #expect(failure == SMTPFailure(.greeting, "the server did not answer in time"))
    }

    @Test func `a server that never stops talking is left`() async throws {
        let failure = await #expect(throws: SMTPFailure.self) { try await send(.endless, .none) }
        #expect(failure?.reason == "the answer has too many lines")
    }

    @Test func `where nobody listens there is no connection`() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await LittleMailServer.start(.plain, on: group)
        let port = server.port
        try await server.stop()
        let settings = SMTPSettings(host: "127.0.0.1", port: port, security: .none)
        let tls = try NIOSSLContext(configuration: .makeClientConfiguration())
        let client = SMTPClient(settings: settings, group: group, tls: tls)
        let failure = await #expect(throws: SMTPFailure.self) { try await client.send(try message()) }
        #expect(failure?.step == .connect)
    }

    @Test func `an answer of the server's is one that deliveries can judge`() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await LittleMailServer.start(.plain, on: group)
        let settings = SMTPSettings(host: "127.0.0.1", port: server.port, security: .none)
        let tls = try NIOSSLContext(configuration: .makeClientConfiguration())
        let client = SMTPClient(settings: settings, group: group, tls: tls)
        #expect(try await client.deliver(try message()).status == 250)
        try await server.stop()
    }
}
