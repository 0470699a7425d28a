import NIOCore
import SiraCore
import SiraHTTP
import SiraPipeline
import SiraWire

extension LaneFront {
    /// Sees to it that a client which asks for a session gets one, or an answer.
    func converse(_ request: IncomingRequest, _ target: SessionTarget, with client: any ClientStream) {
        do throws(GatewayError) {
            guard request.method == "GET" else {
                throw GatewayError(.methodNotAllowed, "A session over a WebSocket takes GET, not \(request.method).")
            }
            // Over HTTP/2 there is no such upgrade (RFC 9113, section 8.6), and CONNECT is not offered for it.
            guard let client = client as? HTTP1ServerConnection else { throw WebSocketHandshake.upgradeRequired }
            client.handshakeKey = try WebSocketHandshake.key(in: request.headers)
            try target.check()
            hold(session(request, target), with: client)
        } catch {
            var fields = extraFields(request.headers)
            if error.code == .upgradeRequired, client is HTTP1ServerConnection {
                // RFC 9110, section 15.5.22.
                fields += [("connection", "Upgrade"), ("upgrade", "websocket")]
            }
            pipeline.refuseUnread(error, as: .openai, extra: fields, to: client)
        }
    }

    private func hold(_ session: SessionRequest, with client: HTTP1ServerConnection) {
        let job = NIOLoopBound((pipeline, session, client), eventLoop: lane.loop)
        lane.start { _ in
            let (pipeline, session, client) = job.value
            await pipeline.hold(session, with: client)
        }
    }

    private func session(_ request: IncomingRequest, _ target: SessionTarget) -> SessionRequest {
        let offered = WebSocketHandshake.subprotocols(in: request.headers)
        let key = offered.lazy.compactMap(\.keyInside).first ?? target.key
        let inbound = Inbound(
            operation: .realtime,
            path: PathFacts(model: target.model, isStream: true),
            headers: request.headers.ofSession(key: key),
            body: ByteBuffer(),
            startedAt: clock.now(),
            startedUptime: request.arrived,
            extraFields: extraFields(request.headers)
        )
        return SessionRequest(
            inbound: inbound,
            query: target.passed,
            dropped: target.dropped,
            subprotocols: offered.filter { $0.keyInside == nil }
        )
    }
}

extension String {
    /// The key in a subprotocol of which it is the end: so send it browsers, which can set no fields.
    fileprivate var keyInside: String? {
        let prefix = "openai-insecure-api-key."
        return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension HeaderFields {
    /// The fields without those of the handshake, and with `key` in place of others.
    fileprivate func ofSession(key: String?) -> HeaderFields {
        var fields = HeaderFields()
        for (name, value) in self where !name.isOfHandshake && (key == nil || !name.holdsKey) {
            fields.append(name, value)
        }
        if let key { fields.append("authorization", "Bearer \(key)") }
        return fields
    }
}

extension String {
    fileprivate var isOfHandshake: Bool {
        let name = lowercased()
        return ["connection", "upgrade"].contains(name) || name.hasPrefix("sec-websocket-")
    }

    fileprivate var holdsKey: Bool { ["authorization", "x-api-key", "api-key"].contains(lowercased()) }
}
