package import SiraCore

/// A message that is ready to be sent to one channel.
package struct OutgoingNotice: Sendable, CustomStringConvertible {
    /// What is sent, and how.
    package enum Content: Sendable {
        /// A `POST` of `body` to `url`, which may be a secret itself.
        case http(url: Secret, headers: [Header], body: [UInt8])
        case mail(MailMessage)
    }

    /// A field of the request's header.
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The same for each try, so that a receiver can tell what it has already.
    package let id: String
    /// The id of the channel.
    package let channel: String
    package let content: Content

    package init(id: String, channel: String, content: Content) {
        self.id = id
        self.channel = channel
        self.content = content
    }

    /// Tells neither URL nor text.
    package var description: String { "notice \(id) to \(channel)" }
}

/// What a receiver answered.
package struct NoticeAnswer: Hashable, Sendable {
    /// The status of HTTP, or the code of SMTP.
    package var status: Int
    /// The first bytes of the body; a few kilobytes are enough.
    package var body: [UInt8]
    /// The field `Retry-After`, if there was one.
    package var retryAfter: String?

    package init(status: Int, body: [UInt8] = [], retryAfter: String? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}
