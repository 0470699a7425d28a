@testable import SiraAlerts
import SiraCore
import SiraTesting
import Testing

@Suite struct SMTPConversationTests {
    private func message(to: [String] = ["ops@example.com"]) throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("sira@example.com")),
            to: try to.map { try #require(MailAddress($0)) },
            subject: "s",
            text: "t",
            html: "h",
            date: Timestamp(microseconds: 0),
            id: "1@example.com"
        )
    }

    private func settings(_ security: SMTPSettings.Security = .startTLS, user: String? = "sira") -> SMTPSettings {
        var settings = SMTPSettings(host: "mail.example.com", security: security)
        settings.user = user
        settings.password = user.map { _ in Secret("hush") }
        settings.greeting = "gateway.example.com"
        return settings
    }

    /// Plays a conversation: what the server says, a word at a time, and what is answered.
    private func play(
        _ conversation: inout SMTPConversation,
        _ replies: [String]
    ) -> (said: [String], end: SMTPConversation.Action?) {
        var (said, end): ([String], SMTPConversation.Action?) = ([], nil)
        func take(_ actions: [SMTPConversation.Action]) {
            for action in actions {
                switch action {
                case .send(let bytes): said.append(String(decoding: bytes, as: UTF8.self))
                case .startTLS:
                    said.append("(TLS)")
                    take(conversation.tlsStarted())
                case .finish, .fail: end = action
                }
            }
        }
        for reply in replies { take(conversation.received(Array("\(reply)\r\n".utf8))) }
        return (said, end)
    }

    private static let hello = "250-mail.example.com\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME"

    @Test func `STARTTLS comes before user and password`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        let (said, end) = play(
            &conversation,
            ["220 hi", Self.hello, "220 go", Self.hello, "235 ok", "250 ok", "250 ok", "354 go", "250 queued as 7"]
        )
        #expect(
            said[..<7] == [
                "EHLO gateway.example.com\r\n", "STARTTLS\r\n", "(TLS)", "EHLO gateway.example.com\r\n",
                "AUTH PLAIN AHNpcmEAaHVzaA==\r\n", "MAIL FROM:<sira@example.com>\r\n", "RCPT TO:<ops@example.com>\r\n",
            ]
        )
        #expect(said[7] == "DATA\r\n" && said[8].hasSuffix("\r\n.\r\n") && said[9] == "QUIT\r\n")
        #expect(end == .finish(SMTPReceipt(reply: "queued as 7", refused: [])))
    }

    @Test func `every split of the bytes gives the same`() throws {
        let whole = Array(
            ["220 hi", Self.hello, "235 ok", "250 ok", "250 ok", "354 go", "250 queued\r\n"].joined(separator: "\r\n")
                .utf8
        )
        for size in 1...whole.count {
            var conversation = SMTPConversation(settings: settings(.tls), message: try message())
            var actions: [SMTPConversation.Action] = []
            for start in stride(from: 0, to: whole.count, by: size) {
                actions += conversation.received(whole[start..<min(start + size, whole.count)])
            }
            #expect(actions.last == .finish(SMTPReceipt(reply: "queued", refused: [])))
        }
    }

    @Test func `without PLAIN there is LOGIN`() throws {
        var conversation = SMTPConversation(settings: settings(.tls), message: try message())
        let (said, _) = play(
            &conversation,
            ["220 hi", "250-x\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok"]
        )
        #expect(said[1...3] == ["AUTH LOGIN\r\n", "c2lyYQ==\r\n", "aHVzaA==\r\n"])
    }

    @Test func `a server without STARTTLS is told nothing`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        let (said, end) = play(&conversation, ["220 hi", "250-x\r\n250 AUTH PLAIN"])
        #expect(said == ["EHLO gateway.example.com\r\n", "QUIT\r\n"])
        #expect(end == .fail(SMTPFailure(.hello, "the server offers no STARTTLS, and TLS is asked for")))
    }

    @Test func `bytes that come in the clear after STARTTLS end it`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        _ = play(&conversation, ["220 hi", Self.hello])
        let actions = conversation.received(Array("220 go\r\n250 injected\r\n".utf8))
        #expect(actions.contains(.startTLS))
        #expect(
            actions.last == .fail(SMTPFailure(.startTLS, "bytes in the clear after STARTTLS was agreed on"))
        )
        #expect(conversation.tlsStarted().isEmpty)
    }

    @Test func `what was offered in the clear counts for nothing under TLS`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        let (said, end) = play(&conversation, ["220 hi", Self.hello, "220 go", "250 mail.example.com"])
        #expect(!said.contains { $0.hasPrefix("AUTH") })
        #expect(
            end == .fail(SMTPFailure(.authenticate, "the server offers neither AUTH PLAIN nor AUTH LOGIN"))
        )
    }

    @Test func `a password goes in the clear to this machine alone`() throws {
        var far = SMTPConversation(settings: settings(.none), message: try message())
        let refused = play(&far, ["220 hi", "250-x\r\n250 AUTH PLAIN"])
        #expect(refused.end == .fail(SMTPFailure(.authenticate, "a password is not sent without TLS")))
        #expect(!refused.said.contains { $0.hasPrefix("AUTH") })
        var local = settings(.none)
        local.host = "127.0.0.1"
        var near = SMTPConversation(settings: local, message: try message())
        #expect(play(&near, ["220 hi", "250-x\r\n250 AUTH PLAIN"]).said[1].hasPrefix("AUTH PLAIN"))
    }

    @Test func `a refusal of the password does not repeat what the server says`() throws {
        var conversation = SMTPConversation(settings: settings(.tls), message: try message())
        let (_, end) = play(&conversation, ["220 hi", Self.hello, "535 AUTH PLAIN AHNpcmEAaHVzaA== is wrong"])
        guard case .fail(let failure) = end else {
            Issue.record("it should fail")
            return
        }
        #expect(failure.step == .authenticate && failure.code == 535 && !failure.isTransient)
        #expect(!failure.description.contains("AHNpcmEAaHVzaA"))
    }

    @Test func `recipients that are refused do not keep it from the others`() throws {
        let message = try message(to: ["a@x.io", "b@x.io", "c@x.io"])
        var conversation = SMTPConversation(settings: settings(.tls, user: nil), message: message)
        let (_, end) = play(
            &conversation,
            ["220 hi", "250 x", "250 ok", "550 no", "250 ok", "550 no", "354 go", "250 done"]
        )
        #expect(end == .finish(SMTPReceipt(reply: "done", refused: ["a@x.io", "c@x.io"])))
    }

    @Test func `when all recipients are refused nothing is sent`() throws {
        var conversation = SMTPConversation(settings: settings(.tls, user: nil), message: try message())
        let (said, end) = play(&conversation, ["220 hi", "250 x", "250 ok", "451 later"])
        #expect(said.last == "QUIT\r\n" && !said.contains("DATA\r\n"))
        #expect(end == .fail(SMTPFailure(.recipient, code: 451, "later")))
    }

    @Test func `an old server is greeted as it knows it`() throws {
        var conversation = SMTPConversation(settings: settings(.none, user: nil), message: try message())
        let (said, _) = play(&conversation, ["220 hi", "502 what?", "250 x"])
        #expect(
            said == [
                "EHLO gateway.example.com\r\n", "HELO gateway.example.com\r\n", "MAIL FROM:<sira@example.com>\r\n",
            ]
        )
    }

    @Test(arguments: [
        ["554 no"], ["220 hi", "421 closing"], ["hello"], ["220-hi\r\n250 x"], ["2x0 hi"], ["199 hi"], ["620 x"], [""],
        [String(repeating: "2", count: 5_000)],
    ])
    func `answers that make no sense end it`(replies: [String]) throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        guard case .fail = play(&conversation, replies).end else {
            Issue.record("it should fail")
            return
        }
    }

    @Test func `an answer without end is not listened to`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        let (_, end) = play(&conversation, Array(repeating: "220-more", count: 100))
        #expect(end == .fail(SMTPFailure(.greeting, "the answer has too many lines")))
    }

    @Test func `a connection that ends early is told once`() throws {
        var conversation = SMTPConversation(settings: settings(), message: try message())
        _ = play(&conversation, ["220 hi"])
        #expect(conversation.ended("gone").last == .fail(SMTPFailure(.hello, "gone")))
        #expect(conversation.ended("gone").isEmpty)
        #expect(conversation.received(Array("250 x\r\n".utf8)).isEmpty)
    }

    @Test(arguments: 0..<40) func `whatever a server says, it ends once or goes on`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var conversation = SMTPConversation(settings: settings(.none, user: nil), message: try message())
        let words = [
            "220 hi", "250 ok", "250-more", "354 go", "451 later", "550 no", "334 x", "235 ok", "x", "421 bye",
        ]
        var ends = 0
        for _ in 0..<40 {
            let word = words[Int.random(in: 0..<words.count, using: &random)]
            for action in conversation.received(Array("\(word)\r\n".utf8)) {
                switch action {
                case .finish, .fail: ends += 1
                case .send, .startTLS: continue
                }
            }
        }
        #expect(ends <= 1)
        #expect(conversation.ended("gone").isEmpty == (ends == 1))
    }

    @Test(arguments: [
        ("a\r\n", "a\r\n.\r\n"), (".a\r\n", "..a\r\n.\r\n"), ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
        ("a", "a\r\n.\r\n"), ("", ".\r\n"), ("a.b\r\n..c\r\n", "a.b\r\n...c\r\n.\r\n"),
    ])
    func `a full stop that begins a line is doubled`(text: String, sent: String) {
        #expect(String(decoding: SMTPConversation.stuffed(Array(text.utf8)), as: UTF8.self) == sent)
    }
}
