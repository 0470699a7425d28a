import NIOCore
import SiraCore
import SiraHTTP
import SiraWire

/// Why a proxy did not open a tunnel.
enum ProxyError: Error, CustomStringConvertible {
    case refused(status: Int)
    case notHTTP
    case closed

    var description: String {
        switch self {
        case .refused(let status): "the proxy refused the tunnel with status \(status)"
        case .notHTTP: "the proxy did not answer in HTTP"
        case .closed: "the proxy closed the connection"
        }
    }
}

/// Asks a proxy for a tunnel (`CONNECT`, RFC 9110, section 9.3.6), then gets out of the way.
final class ProxyConnect: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let target: Endpoint
    private let authorization: Secret?
    /// Kept when the tunnel is open, or failed when the channel ends before.
    let opened: EventLoopPromise<Void>
    private var received = ByteBuffer()
    private var headReader = HTTP1HeadReader(limit: 16 * 1_024)

    init(target: Endpoint, authorization: Secret?, opened: EventLoopPromise<Void>) {
        self.target = target
        self.authorization = authorization
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        let authority = "\(target.host.contains(":") ? "[\(target.host)]" : target.host):\(target.port)"
        var buffer = context.channel.allocator.buffer(capacity: 256)
        buffer.writeString("CONNECT \(authority) HTTP/1.1\r\nhost: \(authority)\r\n")
        if let authorization { buffer.writeString("proxy-authorization: \(authorization.reveal())\r\n") }
        buffer.writeString("\r\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        received.writeBuffer(&piece)
        do throws(HTTP1Error) {
            guard let lines = try headReader.next(in: &received) else { return }
            let head = try lines.response()
            guard (200..<300).contains(head.status) else { return fail(.refused(status: head.status), context) }
            opened.succeed()
        } catch {
            fail(.notHTTP, context)
        }
    }

    /// Also the end of a channel that was never connected.
    func handlerRemoved(context: ChannelHandlerContext) {
        opened.fail(ProxyError.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        opened.fail(error)
        context.close(promise: nil)
    }

    private func fail(_ error: ProxyError, _ context: ChannelHandlerContext) {
        opened.fail(error)
        context.close(promise: nil)
    }
}
