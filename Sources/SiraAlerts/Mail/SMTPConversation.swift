import SiraCore

/// The handing in of one mail, as a value without a network: what came in tells what goes out.
struct SMTPConversation {
    /// What is to be done next.
    enum Action: Hashable {
        case send([UInt8])
        /// Everything from here on goes through TLS; ``SMTPConversation/tlsStarted()`` follows.
        case startTLS
        /// It has been taken; the connection is closed.
        case finish(SMTPReceipt)
        /// It has not been taken; the connection is closed.
        case fail(SMTPFailure)
    }

    private enum State: Hashable {
        case greeting, hello, oldHello, startTLS, handshake
        case plain, loginUser, loginPassword, loginEnd
        case sender, recipient(Int), data, body, over
    }

    private let settings: SMTPSettings
    private let message: MailMessage
    private var state = State.greeting
    private var reader = SMTPReplyReader()
    private var isEncrypted: Bool
    private var extensions: [[String]] = []
    private var taken = 0
    private var refused: [String] = []

    init(settings: SMTPSettings, message: MailMessage) {
        self.settings = settings
        self.message = message
        isEncrypted = settings.security == .tls
    }

    /// Takes what the server sent.
    mutating func received(_ bytes: some Sequence<UInt8>) -> [Action] {
        var actions: [Action] = []
        for byte in bytes {
            guard state != .over else { break }
            // What comes in the clear after the server agreed to TLS was put there by somebody else (RFC 3207,
            // section 4.2).
            guard state != .handshake else { return actions + fail("bytes in the clear after STARTTLS was agreed on") }
            do throws(SMTPReplyReader.Malformed) {
                guard let reply = try reader.read(byte) else { continue }
                actions += take(reply)
            } catch {
                actions += fail(error.reason)
            }
        }
        return actions
    }

    /// TLS has begun, as ``Action/startTLS`` asked.
    mutating func tlsStarted() -> [Action] {
        guard state == .handshake else { return [] }
        isEncrypted = true
        extensions = []  // those told in the clear are worth nothing
        return hello()
    }

    /// The connection is gone, or could not be made.
    mutating func ended(_ reason: String) -> [Action] { state == .over ? [] : fail(reason) }

    // MARK: step by step

    private mutating func take(_ reply: SMTPReply) -> [Action] {
        if reply.code == 421 { return refuse(reply) }
        switch state {
        case .greeting: return reply.code == 220 ? hello() : refuse(reply)
        case .hello: return takeHello(reply)
        case .oldHello: return reply.isPositive ? afterHello() : refuse(reply)
        case .startTLS:
            guard reply.code == 220 else { return refuse(reply) }
            state = .handshake
            return [.startTLS]
        case .plain, .loginEnd: return reply.code == 235 ? sender() : refuse(reply)
        case .loginUser:
            guard reply.code == 334 else { return refuse(reply) }
            return go(.loginPassword, Base64.encoded(Array((settings.user ?? "").utf8)))
        case .loginPassword:
            guard reply.code == 334 else { return refuse(reply) }
            return go(.loginEnd, Base64.encoded(Array((settings.password?.reveal() ?? "").utf8)))
        case .sender: return reply.isPositive ? recipient(0) : refuse(reply)
        case .recipient(let index): return takeRecipient(index, reply)
        case .data:
            guard reply.code == 354 else { return refuse(reply) }
            state = .body
            return [.send(Self.stuffed(message.encoded))]
        case .body:
            guard reply.isPositive else { return refuse(reply) }
            state = .over
            let receipt = SMTPReceipt(reply: String(NoticeText.oneLine(reply.text).prefix(200)), refused: refused)
            return [.send(Array("QUIT\r\n".utf8)), .finish(receipt)]
        case .handshake, .over: return []
        }
    }

    private mutating func hello() -> [Action] { go(.hello, "EHLO \(greeting)") }

    private mutating func takeHello(_ reply: SMTPReply) -> [Action] {
        if reply.isPositive {
            extensions = reply.keywords
            return afterHello()
        }
        // Servers from before extensions know only the older word, and have neither TLS nor users.
        guard (500..<505).contains(reply.code) else { return refuse(reply) }
        return go(.oldHello, "HELO \(greeting)")
    }

    private mutating func afterHello() -> [Action] {
        if settings.security == .startTLS, !isEncrypted {
            guard offers("STARTTLS") else { return fail("the server offers no STARTTLS, and TLS is asked for") }
            return go(.startTLS, "STARTTLS")
        }
        guard let user = settings.user, let password = settings.password else { return sender() }
        guard isEncrypted || HostHeader.isLoopback(settings.host) else {
            return fail("a password is not sent without TLS", at: .authenticate)
        }
        if offers("AUTH", "PLAIN") {
            return go(.plain, "AUTH PLAIN \(Base64.encoded(Array("\0\(user)\0\(password.reveal())".utf8)))")
        }
        if offers("AUTH", "LOGIN") { return go(.loginUser, "AUTH LOGIN") }
        return fail("the server offers neither AUTH PLAIN nor AUTH LOGIN", at: .authenticate)
    }

    private mutating func sender() -> [Action] { go(.sender, "MAIL FROM:<\(message.from.address)>") }

    private mutating func recipient(_ index: Int) -> [Action] {
        if index < message.to.count { return go(.recipient(index), "RCPT TO:<\(message.to[index].address)>") }
        guard taken > 0 else { return fail("there is nobody to send it to", at: .recipient) }
        return go(.data, "DATA")
    }

    private mutating func takeRecipient(_ index: Int, _ reply: SMTPReply) -> [Action] {
        if reply.isPositive {
            taken += 1
        } else {
            refused.append(message.to[index].address)
            let isLast = index == message.to.count - 1
            if taken == 0, isLast { return refuse(reply) }
        }
        return recipient(index + 1)
    }

    // MARK: ends

    private mutating func refuse(_ reply: SMTPReply) -> [Action] {
        // A server may repeat what it did not understand, and that may have been a password.
        let text = step == .authenticate ? "the server did not accept user and password" : reply.text
        return end(SMTPFailure(step, code: reply.code, text))
    }

    private mutating func fail(_ reason: String, at place: SMTPFailure.Step? = nil) -> [Action] {
        end(SMTPFailure(place ?? step, reason))
    }

    private mutating func end(_ failure: SMTPFailure) -> [Action] {
        let canTalk = state != .handshake && state != .body
        state = .over
        return (canTalk ? [.send(Array("QUIT\r\n".utf8))] : []) + [.fail(failure)]
    }

    private var step: SMTPFailure.Step {
        switch state {
        case .greeting, .over: .greeting
        case .hello, .oldHello: .hello
        case .startTLS, .handshake: .startTLS
        case .plain, .loginUser, .loginPassword, .loginEnd: .authenticate
        case .sender: .sender
        case .recipient: .recipient
        case .data: .data
        case .body: .body
        }
    }

    private mutating func go(_ next: State, _ line: String) -> [Action] {
        state = next
        return [.send(Array("\(line)\r\n".utf8))]
    }

    private func offers(_ name: String, _ argument: String? = nil) -> Bool {
        extensions.contains { words in
            words.first == name && (argument.map { words.dropFirst().contains($0) } ?? true)
        }
    }

    /// What the machine calls itself, without what would be another command.
    private var greeting: String {
        let name = settings.greeting.utf8.filter { $0 > 0x20 && $0 < 0x7F }.prefix(255)
        return name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self)
    }

    /// The message with a second full stop before each that begins a line, and the line that ends it (RFC 5321, 4.5.2).
    static func stuffed(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + 16)
        var isLineStart = true
        for byte in message {
            if isLineStart, byte == 0x2E { bytes.append(0x2E) }
            bytes.append(byte)
            isLineStart = byte == 0x0A
        }
        if !isLineStart { bytes += [0x0D, 0x0A] }
        return bytes + [0x2E, 0x0D, 0x0A]
    }
}
