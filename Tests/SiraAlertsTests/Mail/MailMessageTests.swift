import Foundation
import SiraAlerts
import SiraCore
import Testing

@Suite struct MailMessageTests {
    private func message(subject: String = "Hello", name: String = "", text: String = "a\nb") throws -> String {
        let from = try #require(MailAddress(name.isEmpty ? "sira@example.com" : "\(name) <sira@example.com>"))
        let to = try #require(MailAddress("ops@example.com"))
        let message = MailMessage(
            from: from,
            to: [to, from],
            subject: subject,
            text: text,
            html: "<p>ü</p>",
            date: Timestamp(microseconds: 1_763_700_000_000_000),
            id: "inc_1-1@example.com",
            thread: "inc_1-0@example.com"
        )
        return String(decoding: message.encoded, as: UTF8.self)
    }

    @Test func `a mail has the fields that it needs and two forms of the text`() throws {
        let mail = try message()
        #expect(mail.contains("From: sira@example.com\r\n"))
        #expect(mail.contains("To: ops@example.com,\r\n sira@example.com\r\n"))
        #expect(mail.contains("Subject: Hello\r\n"))
        #expect(mail.contains("Date: Fri, 21 Nov 2025 04:40:00 +0000\r\n"))
        #expect(mail.contains("Message-ID: <inc_1-1@example.com>\r\n"))
        #expect(mail.contains("In-Reply-To: <inc_1-0@example.com>\r\n"))
        #expect(mail.contains("Auto-Submitted: auto-generated\r\n"))
        let parts = mail.components(separatedBy: "\r\n--=_sira_inc_1-1@example.com")
        #expect(parts.count == 4 && parts[3] == "--\r\n")
        let bodies = try parts[1...2].map { part in
            let body = try #require(part.components(separatedBy: "\r\n\r\n").last)
            let data = try #require(Data(base64Encoded: body.replacingOccurrences(of: "\r\n", with: "")))
            return String(decoding: data, as: UTF8.self)
        }
        #expect(bodies == ["a\r\nb", "<p>ü</p>"])
    }

    @Test func `lines are short ASCII whatever the text`() throws {
        let mail = try message(
            subject: String(repeating: "预算使用率 👨‍👩‍👧‍👦 ", count: 30),
            name: "预算 Wächter",
            text: String(repeating: "长", count: 5_000)
        )
        #expect(mail.utf8.allSatisfy { $0 < 0x80 })
        for line in mail.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 78 && !line.contains("\n")) }
    }

    @Test func `encoded words give the text back, each whole by itself`() throws {
        let subject = String(repeating: "错误率 é", count: 20)
        let mail = try message(subject: subject)
        let start = try #require(mail.range(of: "Subject: ")).upperBound
        let end = try #require(mail.range(of: "\r\nDate:")).lowerBound
        let words = mail[start..<end].components(separatedBy: "\r\n ")
        #expect(words.count > 1)
        let decoded = try words.map { word in
            #expect(word.count <= 75 && word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
            let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
            return try #require(String(data: data, encoding: .utf8))
        }
        #expect(decoded.joined() == subject)
    }

    @Test func `one endless character is cut between its scalars`() throws {
        let mail = try message(subject: "e" + String(repeating: "\u{301}", count: 500))
        for line in mail.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 78) }
    }

    @Test(arguments: [
        "x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com", "x\rBcc: e", "é\r\nBcc: e", "x\u{2028}Bcc: e",
    ])
    func `no text becomes a field`(subject: String) throws {
        let mail = try message(subject: subject)
        #expect(!mail.contains("\r\nBcc:") && !mail.contains("\nBcc:"))
    }

    @Test func `what looks like an encoded word is encoded`() throws {
        #expect(try message(subject: "=?UTF-8?B?AAAA?=").contains("Subject: =?UTF-8?B?PT9VVEYtOD9CP0FBQUE/PQ==?="))
    }

    @Test(arguments: [
        "a@example.com", "A.b+c@Example.COM", "Sira <sira@example.com>", "\"Sira, the\" <s@x.io>", "o'brien@localhost",
    ])
    func `addresses are read`(text: String) {
        #expect(MailAddress(text) != nil)
    }

    @Test(arguments: [
        "", "a", "a@", "@b", "a b@c.d", "a@b c", "a@b\r\nRCPT TO:<x@y.z>", "a@b>\r\n", "a..b@c.d", ".a@c.d", "a@-b.c",
        "a@b..c", "x <a@b.c", "ü@example.com", "a@bücher.de", "a@b@c>", "<a@b.c>,<d@e.f>", "a@[127.0.0.1]",
    ])
    func `other texts are no addresses`(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test func `names are quoted or encoded where they have to be`() throws {
        #expect(try message(name: "Sira, Inc").contains("From: \"Sira, Inc\"\r\n <sira@example.com>\r\n"))
        #expect(try message(name: "Sira").contains("From: Sira\r\n <sira@example.com>\r\n"))
        #expect(try message(name: "警报").contains("From: =?UTF-8?B?6K2m5oql?=\r\n <sira@example.com>\r\n"))
    }
}
