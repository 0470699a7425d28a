import NIOCore
import SiraCore
import SiraWire

/// Carries what is still to come of a request's body to the provider, as fast as the provider takes it.
final class RequestUpload: BodySink {
    private unowned let exchange: Exchange
    private let rest: BodyRest
    private var left: Int?
    private let write: (ByteBuffer) -> Void
    private let close: () -> Void
    /// Since when the provider takes nothing, of ``GatewayClock/uptime``; nil while it does.
    private(set) var stalledSince: UInt64?

    /// - Parameters:
    ///   - write: sends a piece.
    ///   - close: says that there is no more.
    init(_ rest: BodyRest, of exchange: Exchange, write: @escaping (ByteBuffer) -> Void, close: @escaping () -> Void) {
        self.rest = rest
        self.exchange = exchange
        left = rest.length
        self.write = write
        self.close = close
    }

    func start(isWritable: Bool) {
        exchange.upload = self
        rest.source.deliver(to: self)
        if !isWritable { setWritable(false) }
    }

    func setWritable(_ isWritable: Bool) {
        guard exchange.upload === self else { return }
        stalledSince = isWritable ? nil : exchange.uptime()
        rest.source.setPaused(!isWritable)
    }

    func received(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        if let left {
            guard piece.readableBytes <= left else { return exchange.uploadFailed(Self.wrongLength) }
            self.left = left - piece.readableBytes
        }
        write(piece)
    }

    func ended(_ error: GatewayError?) {
        if let error { return exchange.uploadFailed(error) }
        guard left ?? 0 == 0 else { return exchange.uploadFailed(Self.wrongLength) }
        exchange.uploaded()
        close()
    }

    private static let wrongLength = GatewayError(
        .malformedRequest,
        "The request's body is not as long as its content-length says. Check the client, or the proxy before Sira."
    )
}
