internal import NIOCore
internal import SiraCore
internal import SiraWire

/// Takes in the body of a short answer.
///
/// Confined to the lane on which the answer comes.
final class TokenBody: BodySink {
    private var body = ByteBuffer()
    private var isWhole = false
    private var isOver = false
    private var waiter: CheckedContinuation<Void, Never>?
    private var answer: (any UpstreamAnswer)?
    private let limit: Int

    /// - Parameter limit: how many bytes are taken; an answer with more is ended.
    init(limit: Int) {
        self.limit = limit
    }

    /// The body; nil when it broke off or is too long.
    nonisolated(nonsending) func collect(_ answer: any UpstreamAnswer) async -> ByteBuffer? {
        self.answer = answer
        answer.deliver(to: self)
        if !isOver { await withCheckedContinuation { waiter = $0 } }
        return isWhole ? body : nil
    }

    func received(_ piece: ByteBuffer) {
        guard !isOver else { return }
        guard body.readableBytes + piece.readableBytes <= limit else {
            let answer = answer
            finish()
            answer?.cancel()
            return
        }
        body.writeImmutableBuffer(piece)
    }

    func ended(_ error: GatewayError?) {
        guard !isOver else { return }
        isWhole = error == nil
        finish()
    }

    private func finish() {
        isOver = true
        answer = nil
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }
}
