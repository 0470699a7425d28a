package import NIOCore
package import NIOPosix
package import NIOSSL
import SiraCore

/// Hands in mail over the network, one connection for each.
package struct SMTPClient: Sendable {
    private let settings: SMTPSettings
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext
    private let resolver: @Sendable (any EventLoop) -> (any Resolver & Sendable)?

    /// - Parameters:
    ///   - tls: for clients; checks the server's certificate unless its maker wants otherwise.
    ///   - resolver: what looks the server's name up; nil for the system.
    package init(
        settings: SMTPSettings,
        group: any EventLoopGroup,
        tls: NIOSSLContext,
        resolver: @escaping @Sendable (any EventLoop) -> (any Resolver & Sendable)? = { _ in nil }
    ) {
        self.settings = settings
        self.group = group
        self.tls = tls
        self.resolver = resolver
    }

    /// Hands in a mail.
    ///
    /// - Throws: ``SMTPFailure``.
    package func send(_ message: MailMessage) async throws -> SMTPReceipt {
        let loop = group.next()
        let promise = loop.makePromise(of: SMTPReceipt.self)
        let (settings, tls) = (settings, tls)
        let connection = ClientBootstrap(group: loop)
            .resolver(resolver(loop))
            .connectTimeout(.nanoseconds(Int64(clamping: settings.connectTimeout.wholeNanoseconds)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if settings.security == .tls {
                        try pipeline.addHandler(Self.tlsHandler(tls, host: settings.host))
                    }
                    try pipeline.addHandler(
                        SMTPHandler(settings: settings, message: message, tls: tls, promise: promise)
                    )
                }
            }
            .connect(host: HostHeader.bare(settings.host), port: settings.port)
        connection.whenFailure { promise.fail(SMTPFailure(.connect, "no connection: \($0)")) }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(SMTPFailure(.connect, "it was called off"))
            connection.whenSuccess { $0.close(promise: nil) }
        }
    }

    /// Hands in what a mail channel sends, and gives the answer as deliveries know it.
    ///
    /// - Throws: ``SMTPFailure`` where the server did not say a word on it; another try may help then.
    package func deliver(_ message: MailMessage) async throws -> NoticeAnswer {
        do {
            return NoticeAnswer(status: 250, body: Array(try await send(message).reply.utf8))
        } catch let failure as SMTPFailure {
            guard let code = failure.code else { throw failure }
            return NoticeAnswer(status: code, body: Array(failure.description.utf8))
        }
    }

    /// A name is checked against the certificate; an address cannot be named in the handshake (RFC 6066, section 3),
    /// and the certificate is checked against where the connection leads.
    static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: HostHeader.isAddress(host) ? nil : host)
    }
}
