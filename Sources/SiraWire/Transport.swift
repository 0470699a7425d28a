package import NIOCore
package import SiraCore

/// Sends requests to providers.
///
/// One per lane; every call and callback is on the lane's event loop.
package protocol Transport: AnyObject {
    /// Sends a request and waits for the head of the answer.
    ///
    /// - Parameter abort: ends the wait, and the exchange, at once; `send` then throws `clientClosed`.
    /// - Throws: `clientClosed`, or an error with blame `upstream` when there is no answer within the time limits.
    nonisolated(nonsending) func send(
        _ request: UpstreamRequest,
        abort: AbortSignal
    ) async throws(GatewayError) -> any UpstreamAnswer

    /// Asks for a WebSocket (RFC 6455, section 4), over a connection of its own.
    ///
    /// - Parameters:
    ///   - request: without the fields of the handshake.
    ///   - offer: what the client can do with it.
    ///   - abort: as with ``send(_:abort:)``.
    nonisolated(nonsending) func open(
        _ request: UpstreamRequest,
        offer: SocketOffer,
        abort: AbortSignal
    ) async throws(GatewayError) -> SocketAnswer
}

/// Says that an exchange is no longer wanted.
///
/// Confined to one lane, so that it needs no lock and takes effect in the call that fires it.
package final class AbortSignal {
    package private(set) var hasFired = false
    private var action: (() -> Void)?

    package init() {}

    /// Sets what firing does, in place of what it did before; at once when it has fired already.
    package func onFire(_ action: @escaping () -> Void) {
        if hasFired { return action() }
        self.action = action
    }

    /// Forgets the action.
    package func disarm() {
        action = nil
    }

    package func fire() {
        guard !hasFired else { return }
        hasFired = true
        let action = action
        self.action = nil
        action?()
    }
}

/// One request to a provider.
package struct UpstreamRequest {
    /// The provider's name, as errors are to call it; empty when it has none.
    package var provider = ""
    package var endpoint: Endpoint
    package var method: String
    /// Path and query, as sent.
    package var path: String
    /// Without `host`, `content-length` and connection fields, which the transport adds.
    package var headers: HeaderFields
    /// The body, or its beginning where there is a ``rest``.
    package var body: ByteBuffer
    /// What follows ``body``; nil where that is all.
    ///
    /// A request of which some has been taken cannot be sent again.
    package var rest: BodyRest?
    package var timeouts: UpstreamTimeouts
    /// The proxy through which the endpoint is reached; nil leaves it to the transport.
    package var proxy: ProxyAddress?
    /// Which addresses the endpoint's name may lead to; nil leaves it to the transport.
    package var addressGuard: AddressGuard?

    package init(
        endpoint: Endpoint,
        method: String,
        path: String,
        headers: HeaderFields,
        body: ByteBuffer,
        timeouts: UpstreamTimeouts,
        proxy: ProxyAddress? = nil
    ) {
        self.endpoint = endpoint
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.proxy = proxy
    }
}

extension UpstreamRequest {
    /// How long the body is, in bytes; nil where nobody has said.
    package var bodyLength: Int? {
        guard let rest else { return body.readableBytes }
        return rest.length.map { $0 + body.readableBytes }
    }
}

/// A host to connect to, as parsed from a base URL.
package struct Endpoint: Hashable, Sendable {
    package var host: String
    package var port: Int
    package var usesTLS: Bool

    package init(host: String, port: Int, usesTLS: Bool) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
    }

    /// The `host` header's value: the port only where it is not the scheme's own.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (usesTLS ? 443 : 80) ? name : "\(name):\(port)"
    }
}

/// How long each part of a provider's answer may take.
package struct UpstreamTimeouts: Hashable, Sendable {
    /// From the wish to connect until the connection, TLS included, is ready.
    package var connect: Duration = .seconds(10)
    /// From the request until the answer's head.
    package var firstByte: Duration = .seconds(300)
    /// Between two pieces of the answer.
    package var idle: Duration = .seconds(120)
    /// From the request until the answer's end.
    package var total: Duration = .seconds(1800)

    package init() {}
}

/// A provider's answer whose head has arrived.
package protocol UpstreamAnswer: AnyObject {
    var status: Int { get }
    var headers: HeaderFields { get }

    /// Begins to deliver the body. Until then nothing is read from the connection beyond what has arrived.
    func deliver(to sink: any BodySink)
    /// Holds the delivery back, or lets it go on: how a slow client slows its provider.
    func setPaused(_ paused: Bool)
    /// Ends the exchange at once. Nothing is delivered any more.
    func cancel()
}

/// Takes a body piece by piece, without waiting.
package protocol BodySink: AnyObject {
    func received(_ piece: ByteBuffer)
    /// The end, exactly once: nil when the body is complete.
    func ended(_ error: GatewayError?)
}
