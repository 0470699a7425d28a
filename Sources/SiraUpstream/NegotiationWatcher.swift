import NIOCore
import NIOTLS

/// Waits for the end of the TLS handshake, then gets out of the way.
///
/// Who waits is told in the very call, so that a handler that it adds does not miss bytes that came in the same read as
/// the end of the handshake.
final class NegotiationWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var done: ((Result<String?, any Error>) -> Void)?

    /// - Parameter done: called once, with the protocol that was agreed on.
    init(_ done: @escaping (Result<String?, any Error>) -> Void) {
        self.done = done
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let name)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        finish(.success(name))
        context.fireUserInboundEventTriggered(event)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(ChannelError.eof))
        context.fireChannelInactive()
    }

    private func finish(_ result: Result<String?, any Error>) {
        let done = done
        self.done = nil
        done?(result)
    }
}
