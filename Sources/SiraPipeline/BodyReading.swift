import NIOCore
import SiraCore
import SiraWire

/// Reads from a body that is still arriving, until there is enough of it.
///
/// What it holds takes room in the memory that bodies may take.
final class BodyReading: BodySink {
    private let source: ArrivingBody
    private let limit: Int
    private let isEnough: (ByteBuffer) throws(GatewayError) -> Bool
    private(set) var held = ByteBuffer()
    private var waiter: UnsafeContinuation<Void, Never>?
    private var error: GatewayError?
    private var isOver = false

    /// - Parameters:
    ///   - limit: the most bytes that are held.
    ///   - isEnough: asked of each piece; never says so for all of the body.
    init(_ source: ArrivingBody, limit: Int, isEnough: @escaping (ByteBuffer) throws(GatewayError) -> Bool) {
        self.source = source
        self.limit = limit
        self.isEnough = isEnough
    }

    /// Waits until there is enough, or all.
    ///
    /// - Throws: what ended the body, what `isEnough` throws, `bodyTooLarge` when there is not enough within the limit,
    ///   or `overloaded` when there is no room.
    nonisolated(nonsending) func read() async throws(GatewayError) -> ByteBuffer {
        source.deliver(to: self)
        // Unsafe because `finish` takes it out as it resumes it, once.
        if !isOver { await withUnsafeContinuation { waiter = $0 } }
        if let error { throw error }
        return held
    }

    func received(_ piece: ByteBuffer) {
        held.writeImmutableBuffer(piece)
        do throws(GatewayError) {
            guard held.readableBytes <= limit else {
                throw GatewayError(
                    .bodyTooLarge,
                    "More than \(limit) bytes of the body would have to be held before it is known where it goes. Send "
                        + "the field \"model\" of a form before its files, or raise server.limits.body_bytes."
                )
            }
            guard source.takeRoom(held.readableBytes) else {
                throw GatewayError(
                    .overloaded,
                    "The gateway holds too many large requests at once. Try again.",
                    retryAfter: 1
                )
            }
            guard try isEnough(piece) else { return }
            finish(nil)
        } catch {
            finish(error)
        }
    }

    func ended(_ error: GatewayError?) {
        finish(error)
    }

    private func finish(_ error: GatewayError?) {
        guard !isOver else { return }
        isOver = true
        self.error = error
        source.suspend()
        let waiter = waiter
        self.waiter = nil
        waiter?.resume()
    }
}
