package import NIOCore
import SiraCore
package import SiraPipeline
package import SiraWire

extension LaneFront {
    /// Answers a chat completion that this process itself asks for: by the same pipeline as any client's.
    ///
    /// Must be called on the lane's event loop.
    ///
    /// - Parameters:
    ///   - body: JSON, as clients of `/v1/chat/completions` send it.
    ///   - headers: with the key, where there is one.
    package func answerChat(_ body: ByteBuffer, headers: HeaderFields, to client: any ClientStream) {
        let request = IncomingRequest(
            method: "POST",
            target: "/v1/chat/completions",
            headers: headers,
            body: body,
            arrived: clock.uptime()
        )
        answer(request, to: client)
    }
}
