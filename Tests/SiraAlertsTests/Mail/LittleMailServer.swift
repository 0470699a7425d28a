import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server of mail for one test: takes what it is given and remembers the lines.
final class LittleMailServer: Sendable {
    enum Manner: Sendable {
        /// Offers STARTTLS, and AUTH once that has been done.
        case startTLS
        /// TLS from the first byte.
        case tls
        /// No TLS at all.
        case plain
        /// Takes connections and says nothing.
        case silent
        /// Greets with line after line and never ends.
        case endless
    }

    private let lines = Mutex<[String]>([])
    private let channel: any Channel

    private init(_ channel: any Channel) {
        self.channel = channel
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var received: [String] { lines.withLock { $0 } }

    static func start(_ manner: Manner, on group: any EventLoopGroup) async throws -> LittleMailServer {
        let certificate = try NIOSSLCertificate(bytes: Array(mailServerCertificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(mailServerKey.utf8), format: .pem)
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
        let box = Mutex<LittleMailServer?>(nil)
        let shared = Shared(box: box)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    if manner == .tls {
                        try child.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try child.pipeline.syncOperations.addHandler(
                        Handler(manner, tls) { line in shared.box.withLock { $0?.note(line) } }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LittleMailServer(channel)
        shared.box.withLock { $0 = server }
        return server
    }

    func stop() async throws { try await channel.close() }

    private func note(_ line: String) { lines.withLock { $0.append(line) } }

    private final class Shared: Sendable {
        let box: Mutex<LittleMailServer?>

        init(box: consuming Mutex<LittleMailServer?>) {
            self.box = box
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let manner: Manner
        private let tls: NIOSSLContext
        private let note: (String) -> Void
        private var rest = ""
        private var isData = false
        private var isEncrypted: Bool

        init(_ manner: Manner, _ tls: NIOSSLContext, note: @escaping (String) -> Void) {
            self.manner = manner
            self.tls = tls
            self.note = note
            isEncrypted = manner == .tls
        }

        func channelActive(context: ChannelHandlerContext) {
            switch manner {
            case .silent: return
            case .endless: say(String(repeating: "220-welcome\r\n", count: 10_000), context)
            default: say("220 little\r\n", context)
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            rest += String(buffer: unwrapInboundIn(data))
            while let end = rest.range(of: "\r\n") {
                let line = String(rest[..<end.lowerBound])
                rest = String(rest[end.upperBound...])
                take(line, context)
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            note(line)
            if isData {
                guard line == "." else { return }
                isData = false
                return say("250 2.0.0 queued as 42\r\n", context)
            }
            switch line.prefix(4) {
            case "EHLO":
                let offers = isEncrypted ? "250-AUTH PLAIN LOGIN\r\n" : manner == .startTLS ? "250-STARTTLS\r\n" : ""
                say("250-little\r\n\(offers)250 8BITMIME\r\n", context)
            case "STAR":
                say("220 go\r\n", context)
                isEncrypted = true
                do {
                    try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
                } catch {
                    context.close(promise: nil)
                }
            case "AUTH": say("235 ok\r\n", context)
            case "DATA":
                isData = true
                say("354 go\r\n", context)
            case "QUIT": context.close(promise: nil)
            default: say("250 ok\r\n", context)
            }
        }

        private func say(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            note("error")
            context.close(promise: nil)
        }
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? {
        let (text, wanted) = (utf8, Array(part.utf8))
        guard let start = text.indices.first(where: { text[$0...].starts(with: wanted) }) else { return nil }
        return start..<text.index(start, offsetBy: wanted.count)
    }
}
