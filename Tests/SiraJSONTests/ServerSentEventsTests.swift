import SiraJSON
import Testing

@Suite struct ServerSentEventsTests {
    private static let streams = [
        "data: 1\n\ndata: 2\n\n",
        "event: a\r\ndata: 1\r\n\r\n: comment\r\n\r\ndata: 2\r\n\r\n",
        "data: 1\r\rdata: 2\rdata: 3\r\r",
        "\n\ndata:1\n\n\n\ndata: 2\ndata: 3\n\nid: 7\n\n",
        "data: 1\n\r\ndata: 2\r\n\nrest",
    ]

    /// The events' data, whatever pieces the stream comes in.
    private func data(_ pieces: [[UInt8]]) -> [String] {
        var framer = SSEFramer()
        var (pending, data): ([UInt8], [String]) = ([], [])
        for piece in pieces {
            let complete = piece.withUnsafeBytes { framer.completeLength(of: $0) }
            pending += piece
            guard complete > 0 else { continue }
            let whole = pending.count - (piece.count - complete)
            pending[..<whole].withUnsafeBytes { bytes in
                for range in SSEFramer.events(in: bytes) {
                    let event = SSEEvent(block: UnsafeRawBufferPointer(rebasing: bytes[range]))
                    if let read = event.data { data.append(String(decoding: read, as: UTF8.self)) }
                }
            }
            pending.removeFirst(whole)
        }
        return data
    }

    @Test(arguments: streams)
    func `events are the same at every split`(stream: String) {
        let bytes = Array(stream.utf8)
        let whole = data([bytes])
        #expect(!whole.isEmpty)
        #expect(data(bytes.map { [$0] }) == whole)
        for first in bytes.indices {
            #expect(data([Array(bytes[..<first]), Array(bytes[first...])]) == whole, "at \(first)")
            for second in first..<bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(data(pieces) == whole, "at \(first) and \(second)")
            }
        }
    }

    @Test func `what is read is what was sent`() {
        #expect(
            Self.streams.map { data([Array($0.utf8)]) } == [
                ["1", "2"], ["1", "2"], ["1", "2\n3"], ["1", "2\n3"], ["1", "2"],
            ]
        )
    }

    @Test(arguments: [
        ("data: {}\n\n", "{}"), ("data:{}\n\n", "{}"), ("event: x\ndata: {}\n\n", "{}"),
        ("event: x\r\ndata: {}\r\n\r\n", "{}"),
        ("data: {}\nevent: x\n\n", "{}"), (": c\ndata: {}\n\n", "{}"), ("data: \n\n", ""), ("data\n\n", ""),
        ("data:  a\n\n", " a"),
    ])
    func `single data is found without copying`(block: String, expected: String) {
        let found = Array(block.utf8).withUnsafeBytes { bytes in
            SSEEvent.singleData(in: bytes).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found == expected)
        #expect(SSEEvent(block: block).data.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test(arguments: ["data: a\ndata: b\n\n", "event: x\n\n", ": c\n\n", "", "event: data: x\n\n"])
    func `blocks with no data or several have no single data`(block: String) {
        #expect(Array(block.utf8).withUnsafeBytes { SSEEvent.singleData(in: $0) == nil })
    }
}

extension SSEEvent {
    fileprivate init(block: String) {
        self = Array(block.utf8).withUnsafeBytes { SSEEvent(block: $0) }
    }
}
