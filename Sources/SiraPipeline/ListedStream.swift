import NIOCore
import SiraCore
import SiraWire

/// A client that reads a stream as one JSON array, as Gemini's do that ask without `alt=sse`.
///
/// Up to here such a stream consists of server-sent events like any other. An answer that is no stream passes as it is.
final class ListedStream: ClientStream {
    private let client: any ClientStream
    private var events: ListedEvents?

    init(_ client: any ClientStream) {
        self.client = client
    }

    var abort: AbortSignal { client.abort }
    var isWritable: Bool { client.isWritable }
    var onWritabilityChange: ((Bool) -> Void)? {
        get { client.onWritabilityChange }
        set { client.onWritabilityChange = newValue }
    }
    var hasStarted: Bool { client.hasStarted }

    func sendHead(status: Int, headers: HeaderFields, bodyLength: Int?) {
        guard headers["content-type"] == StreamFraming.serverSentEvents.mediaType else {
            return client.sendHead(status: status, headers: headers, bodyLength: bodyLength)
        }
        events = ListedEvents()
        let fields = headers.map { $0.name == "content-type" ? ($0.name, ListedEvents.mediaType) : ($0.name, $0.value) }
        client.sendHead(status: status, headers: HeaderFields(fields), bodyLength: bodyLength)
    }

    func sendBody(_ piece: ByteBuffer) {
        guard events != nil else { return client.sendBody(piece) }
        var elements: [UInt8] = []
        elements.reserveCapacity(piece.readableBytes)
        piece.withUnsafeReadableBytes { events?.append($0, to: &elements) }
        client.sendBody(ByteBuffer(bytes: elements))
    }

    func sendEnd() {
        if let events {
            var end: [UInt8] = []
            events.finish(into: &end)
            client.sendBody(ByteBuffer(bytes: end))
        }
        client.sendEnd()
    }

    func breakOff() { client.breakOff() }
    func flush() { client.flush() }
}
