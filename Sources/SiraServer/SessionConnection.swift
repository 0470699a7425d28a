import NIOCore
import SiraHTTP
import SiraPipeline
import SiraWire

/// A client's connection that has become a WebSocket, as its lane sees it.
///
/// Stands before the handler of the WebSocket and lets everything pass. Time limits and the shutdown are the session's
/// own business, which knows whether the model is answering.
final class SessionConnection: ChannelInboundHandler, LaneConnection {
    typealias InboundIn = ByteBuffer

    private let front: LaneFront
    private let socket: WebSocketConnection
    var slot = -1

    init(_ socket: WebSocketConnection, front: LaneFront) {
        self.socket = socket
        self.front = front
    }

    func channelInactive(context: ChannelHandlerContext) {
        front.unregister(self)
        context.fireChannelInactive()
    }

    func checkDeadlines(now: UInt64) {}

    func drain() {}

    func close() {
        socket.breakOff(SocketClose(SocketClose.goingAway))
    }
}

extension HTTP1ServerConnection: SessionClient {
    func accept(headers: HeaderFields, subprotocol: String?, messageLimit: Int) -> (any MessageSocket)? {
        guard let handshakeKey else { return nil }
        var headers = headers
        for (name, value) in WebSocketHandshake.response(key: handshakeKey, subprotocol: subprotocol) {
            headers.append(name, value)
        }
        let socket = WebSocketConnection(.server, limit: messageLimit)
        return handOver(to: SessionConnection(socket, front: front), socket, saying: headers) ? socket : nil
    }
}
