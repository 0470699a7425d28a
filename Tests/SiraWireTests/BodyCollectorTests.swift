import NIOCore
import SiraCore
import SiraWire
import Testing

@Suite struct BodyCollectorTests {
    /// An answer whose pieces come in the call that asks for them.
    private final class Provider: UpstreamAnswer {
        let status = 500
        let headers = HeaderFields()
        private(set) var isCancelled = false
        private let pieces: Int
        private let error: GatewayError?

        /// - Parameter pieces: how many of ten bytes there are.
        init(pieces: Int, error: GatewayError? = nil) {
            self.pieces = pieces
            self.error = error
        }

        func deliver(to sink: any BodySink) {
            var left = pieces
            while left > 0, !isCancelled {
                sink.received(ByteBuffer(string: "0123456789"))
                left -= 1
            }
            if !isCancelled { sink.ended(error) }
        }

        func setPaused(_ paused: Bool) {}

        func cancel() { isCancelled = true }
    }

    private func collect(_ provider: Provider) async -> String? {
        await BodyCollector(limit: 30).collect(provider, abort: AbortSignal()).map { String(buffer: $0) }
    }

    @Test func `a body within the bound is taken whole`() async {
        let provider = Provider(pieces: 3)
        #expect(await collect(provider) == "012345678901234567890123456789")
        #expect(!provider.isCancelled)
    }

    @Test func `a body beyond the bound is not read to its end`() async {
        let provider = Provider(pieces: .max)
        #expect(await collect(provider) == nil)
        #expect(provider.isCancelled)
    }

    @Test func `a body that broke off is none`() async {
        #expect(await collect(Provider(pieces: 1, error: GatewayError(.upstreamInterrupted, "It broke off."))) == nil)
    }
}
