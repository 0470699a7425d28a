package import SiraCore
import SiraHTTP
package import SiraWire

extension UpstreamClient {
    /// Opens a WebSocket over a connection of its own, which is not taken from a pool and goes back to none.
    ///
    /// The handshake is an exchange like any other, with the same limits of time; only when the provider agrees does
    /// the connection change hands.
    package nonisolated(nonsending) func open(
        _ request: UpstreamRequest,
        offer: SocketOffer,
        abort: AbortSignal
    ) async throws(GatewayError) -> SocketAnswer {
        var random = SystemRandomNumberGenerator()
        let key = WebSocketHandshake.makeKey(using: &random)
        var request = request
        for (name, value) in WebSocketHandshake.request(key: key, subprotocols: offer.subprotocols) {
            request.headers.append(name, value)
        }
        let exchange = begin(request, abort)
        let holder = ConnectionHolder()
        connect(exchange, holder)
        try await exchange.waitForHead()
        guard exchange.status == 101 else { return .refused(exchange) }
        let headers = exchange.headers
        exchange.letGo()
        let socket = WebSocketConnection(.client, limit: offer.messageLimit)
        let subprotocol = headers["sec-websocket-protocol"]
        guard WebSocketHandshake.agrees(headers, to: key), subprotocol.map(offer.subprotocols.contains) ?? true,
            let connection = holder.connection, connection.handOver(to: socket)
        else {
            holder.connection?.close()
            throw UpstreamFailure.invalid("does not agree to a WebSocket in the way that it should", request)
        }
        return .open(socket, subprotocol: subprotocol)
    }

    private func connect(_ exchange: Exchange, _ holder: ConnectionHolder) {
        let request = exchange.request
        let route = Route(request)
        socketConnector.connect(to: route, timeout: request.timeouts.connect, onIdle: { $0.close() }) { result in
            switch result {
            case .success(.http1(let connection)):
                guard !exchange.isOver else { return connection.close() }
                holder.connection = connection
                connection.start(exchange)
            case .success(.http2(let connection)):
                connection.retire()
                exchange.finish(UpstreamFailure.invalid("is in HTTP/2, which holds no WebSockets", request))
            case .failure(let error):
                let isProxied = self.socketConnector.isProxied(route)
                exchange.finish(UpstreamFailure.unreachable(error, request, isProxied: isProxied))
            }
        }
    }
}

/// The connection that was made for a WebSocket, once there is one.
private final class ConnectionHolder {
    var connection: HTTP1Connection?
}
