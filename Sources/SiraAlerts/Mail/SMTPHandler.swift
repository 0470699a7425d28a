import NIOCore
import NIOSSL
import SiraCore

/// Does on a connection what an ``SMTPConversation`` says.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var conversation: SMTPConversation
    private let settings: SMTPSettings
    private let tls: NIOSSLContext
    private let promise: EventLoopPromise<SMTPReceipt>
    private var replyTimer: Scheduled<Void>?
    private var timer: Scheduled<Void>?

    init(
        settings: SMTPSettings,
        message: MailMessage,
        tls: NIOSSLContext,
        promise: EventLoopPromise<SMTPReceipt>
    ) {
        conversation = SMTPConversation(settings: settings, message: message)
        self.settings = settings
        self.tls = tls
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = schedule(settings.timeout, "it took too long", context)
        awaitReply(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(conversation.received(unwrapInboundIn(data).readableBytesView), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(conversation.ended("the server closed the connection"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        perform(conversation.ended("the connection failed: \(error)"), context)
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        replyTimer?.cancel()
        timer?.cancel()
    }

    private func perform(_ actions: [SMTPConversation.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let bytes):
                awaitReply(context)
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .startTLS:
                do {
                    try context.pipeline.syncOperations.addHandler(
                        SMTPClient.tlsHandler(tls, host: settings.host),
                        position: .first
                    )
                    perform(conversation.tlsStarted(), context)
                } catch {
                    perform(conversation.ended("TLS could not be begun: \(error)"), context)
                }
            case .finish(let receipt):
                promise.succeed(receipt)
                context.close(promise: nil)
            case .fail(let failure):
                promise.fail(failure)
                context.close(promise: nil)
            }
        }
    }

    private func awaitReply(_ context: ChannelHandlerContext) {
        replyTimer?.cancel()
        replyTimer = schedule(settings.replyTimeout, "the server did not answer in time", context)
    }

    private func schedule(_ delay: Duration, _ reason: String, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let nanoseconds = Int64(clamping: delay.wholeNanoseconds)
        return context.eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) {
            let (handler, context) = bound.value
            handler.perform(handler.conversation.ended(reason), context)
        }
    }
}
