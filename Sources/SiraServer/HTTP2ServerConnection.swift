import NIOCore
import NIOHTTP2
import SiraCore

/// A client's HTTP/2 connection as a whole: counts as one connection, however many streams it has, and ends when it is
/// idle or the gateway stops.
///
/// The frames by which it says goodbye are NIO's business (RFC 9113, section 6.8).
final class HTTP2ServerConnection: ChannelInboundHandler, LaneConnection {
    typealias InboundIn = HTTP2Frame

    private let front: LaneFront
    private var context: ChannelHandlerContext?
    private var streams: [HTTP2ServerStream] = []
    /// When the last stream ended, of ``GatewayClock/uptime``.
    private var idleSince: UInt64
    /// Whether the client has been told to open no more streams.
    private var isLeaving = false
    var slot = -1

    /// How long a client without streams may take to answer the goodbye.
    private static let farewellTime: UInt64 = 1_000_000_000

    init(front: LaneFront) {
        self.front = front
        idleSince = front.clock.uptime()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        front.register(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        front.unregister(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What concerns one stream leaves the others alone. After an error of the connection it has to be closed
        // (RFC 9113, section 5.4.1); the frame that says why has been sent.
        switch error {
        case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.NoSuchStream, is NIOHTTP2Errors.StreamClosed: break
        default: context.close(promise: nil)
        }
    }

    // MARK: streams

    func opened(_ stream: HTTP2ServerStream) {
        stream.slot = streams.count
        streams.append(stream)
    }

    func ended(_ stream: HTTP2ServerStream) {
        guard stream.slot >= 0, let last = streams.popLast() else { return }
        if last !== stream {
            streams[stream.slot] = last
            last.slot = stream.slot
        }
        stream.slot = -1
        if streams.isEmpty { idleSince = front.clock.uptime() }
    }

    // MARK: LaneConnection

    func checkDeadlines(now: UInt64) {
        guard streams.isEmpty else {
            for stream in streams { stream.checkDeadlines(now: now) }
            return
        }
        let age = now &- idleSince
        if isLeaving {
            if age > Self.farewellTime { close() }
        } else if age > front.settings.limits.idleTime.wholeNanoseconds {
            leave(now)
        }
    }

    func drain() {
        leave(front.clock.uptime())
    }

    private func leave(_ now: UInt64) {
        guard !isLeaving, let context else { return }
        isLeaving = true
        idleSince = now
        context.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    func close() {
        context?.close(promise: nil)
    }
}
