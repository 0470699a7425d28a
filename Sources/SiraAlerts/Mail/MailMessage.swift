package import SiraCore

/// A mail with a plain text and the same as HTML.
package struct MailMessage: Hashable, Sendable {
    package var from: MailAddress
    package var to: [MailAddress]
    package var subject: String
    package var text: String
    package var html: String
    package var date: Timestamp
    /// The message's id without angle brackets.
    package var id: String
    /// The id of the message that this one belongs to.
    package var thread: String?

    package init(
        from: MailAddress,
        to: [MailAddress],
        subject: String,
        text: String,
        html: String,
        date: Timestamp,
        id: String,
        thread: String? = nil
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.date = date
        self.id = id
        self.thread = thread
    }

    /// The message as it is sent (RFC 5322, RFC 2046), without what SMTP adds: lines end in CR LF, and all is ASCII.
    package var encoded: [UInt8] {
        let boundary = "=_sira_\(Self.token(id))"  // base 64 never holds "=_"
        var head = [
            "From: \(MailHeader.addresses([from]))",
            "To: \(MailHeader.addresses(to))",
            "Subject: \(MailHeader.text(subject))",
            "Date: \(MailHeader.date(date))",
            "Message-ID: <\(Self.token(id))>",
        ]
        if let thread { head += ["In-Reply-To: <\(Self.token(thread))>", "References: <\(Self.token(thread))>"] }
        head += [
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
        ]
        var mail = head.joined(separator: "\r\n") + "\r\n\r\n"
        for (type, body) in [("text/plain", text), ("text/html", html)] {
            mail += "--\(boundary)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            mail += Self.lines(ofBase64: Base64.encoded(Self.withLineEnds(body))) + "\r\n"
        }
        return Array((mail + "--\(boundary)--\r\n").utf8)
    }

    /// The text of an id without what has no place in one.
    private static func token(_ id: String) -> String {
        String(decoding: id.utf8.filter { $0 > 0x20 && $0 < 0x7F && !"<>\"()\\,;:[]".utf8.contains($0) }, as: UTF8.self)
    }

    /// The bytes with each line end as CR LF.
    private static func withLineEnds(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in text.utf8 where byte != 0x0D {
            if byte == 0x0A { bytes.append(0x0D) }
            bytes.append(byte)
        }
        return bytes
    }

    private static func lines(ofBase64 text: String) -> String {
        var lines: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(76))
            rest = rest.dropFirst(76)
        }
        return lines.joined(separator: "\r\n")
    }
}
