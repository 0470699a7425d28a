package import NIOCore
package import SiraCore

/// Takes in the body of a short answer, up to a bound.
///
/// Confined to the lane on which the answer comes.
package final class BodyCollector: BodySink {
    private var body = ByteBuffer()
    private var isWhole = false
    private var isOver = false
    private var answer: (any UpstreamAnswer)?
    private var waiter: UnsafeContinuation<Void, Never>?
    private let limit: Int

    /// - Parameter limit: how many bytes are taken; an answer with more is ended.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The body; nil when it broke off or has more bytes than the bound allows, so that what came means nothing.
    ///
    /// - Parameter abort: ends the collection when it fires; nil where nobody waits but who collects.
    package nonisolated(nonsending) func collect(
        _ answer: any UpstreamAnswer,
        abort: AbortSignal? = nil
    ) async -> ByteBuffer? {
        self.answer = answer
        abort?.onFire { [weak self] in self?.giveUp() }
        answer.deliver(to: self)
        if !isOver {
            // Unsafe because `finish` takes it out as it resumes it, once.
            await withUnsafeContinuation { waiter = $0 }
        }
        return isWhole ? body : nil
    }

    package func received(_ piece: ByteBuffer) {
        guard !isOver else { return }
        guard body.readableBytes + piece.readableBytes <= limit else { return giveUp() }
        body.writeImmutableBuffer(piece)
    }

    package func ended(_ error: GatewayError?) {
        guard !isOver else { return }
        isWhole = error == nil
        finish()
    }

    private func giveUp() {
        guard !isOver else { return }
        let answer = answer
        finish()
        answer?.cancel()
    }

    private func finish() {
        isOver = true
        answer = nil
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }
}
