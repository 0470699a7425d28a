import Foundation
import NIOPosix
import NIOSSL
import SiraAlerts
import SiraCore
import SiraJSON
import SiraTesting
import Testing

/// A Python that has aiosmtpd: the one of the tests from outside, or another.
private enum MailPython {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let path: String? = {
        let own = root.appendingPathComponent(".cache/e2e-venv/bin/python").path
        let candidates = [ProcessInfo.processInfo.environment["SIRA_MAIL_PYTHON"], own].compactMap { $0 }
        return candidates.first { candidate in
            guard FileManager.default.isExecutableFile(atPath: candidate) else { return false }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: candidate)
            process.arguments = ["-c", "import aiosmtpd"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()
}

@Suite(.enabled(if: MailPython.path != nil, "There is no Python with aiosmtpd; Tests/EndToEnd/run installs one."))
struct RealMailServerTests {
    @Test(arguments: [SMTPSettings.Security.startTLS, .tls])
    func `a real server takes the mail, and Python reads what we meant`(security: SMTPSettings.Security) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sira-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("certificate.pem")
        let key = folder.appendingPathComponent("key.pem")
        try mailServerCertificate.write(to: certificate, atomically: true, encoding: .utf8)
        try mailServerKey.write(to: key, atomically: true, encoding: .utf8)

        let server = Process()
        server.executableURL = URL(fileURLWithPath: try #require(MailPython.path))
        let script = MailPython.root.appendingPathComponent("Tests/Fixtures/mail/server.py").path
        server.arguments = [script, certificate.path, key.path, security.rawValue]
        let pipe = Pipe()
        server.standardOutput = pipe
        try server.run()
        defer { server.terminate() }
        let port = try #require(Int(String(decoding: try line(from: pipe), as: UTF8.self)))

        var settings = SMTPSettings(host: "localhost", port: port, security: security)
        settings.user = "sira"
        settings.password = Secret("hush")
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: Array(mailServerCertificate.utf8), format: .pem)])
        let client = SMTPClient(
            settings: settings,
            group: MultiThreadedEventLoopGroup.singleton,
            tls: try NIOSSLContext(configuration: tls)
        )
        let facts = [
            AlertFact("note", ".\n.. a line of full stops\n."), AlertFact("model", String(repeating: "长", count: 900)),
        ]
        let alert = SampleAlert.fired(subject: "团队 <core> & Söhne", facts: facts)
        let channel = AlertChannel(
            id: "mail",
            destination: .mail(
                from: try #require(MailAddress("警报 Sira <sira@example.com>")),
                to: [try #require(MailAddress("ops@example.com"))]
            ),
            language: .chinese
        )
        guard case .mail(let message) = channel.notice(of: alert, at: SampleAlert.start).content else {
            Issue.record("a mail channel sends mail")
            return
        }
        #expect(try await client.deliver(message).status == 250)

        try JSONIndexer().read(try line(from: pipe)) { mail in
            #expect(mail["from"]?.string == "sira@example.com" && mail["user"]?.string == "sira")
            #expect(mail["tls"]?.bool == true && mail["year"]?.integer == 2025)
            #expect(mail["subject"]?.string == message.subject && message.subject.contains("团队 <core> & Söhne"))
            #expect(mail["author"]?.string == "警报 Sira")
            let text = mail["text"]?.string?.replacingOccurrences(of: "\r\n", with: "\n")
            #expect(text == message.text)
            #expect(mail["html"]?.string?.contains("团队 &lt;core&gt; &amp; Söhne") == true)
            #expect(mail["id"]?.string == "<\(message.id)>")
            #expect(mail["defects"].map { Array($0.elements).count } == 0)
        }
    }

    /// A line of what a process writes, without its end.
    private func line(from pipe: Pipe) throws -> [UInt8] {
        var line: [UInt8] = []
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A { line.append(byte) }
        return line
    }
}
