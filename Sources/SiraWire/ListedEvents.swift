internal import SiraJSON

/// Tells server-sent events as the elements of one JSON array, for clients that read a stream so.
///
/// Elements come as the events do. Nothing of them is kept.
package struct ListedEvents {
    /// The media type of such a stream.
    package static let mediaType = "application/json"
    private var hasElements = false

    package init() {}

    /// Appends the events' data as elements; what has no data, such as a comment, becomes white space.
    ///
    /// - Parameter events: whole events, each of whose data is one JSON text.
    package mutating func append(_ events: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        for range in SSEFramer.events(in: events) {
            let block = UnsafeRawBufferPointer(rebasing: events[range])
            if let data = SSEEvent.singleData(in: block) {
                append(element: data, to: &output)
            } else if let data = SSEEvent(block: block).data {
                data.withUnsafeBytes { append(element: $0, to: &output) }
            } else {
                output.append(UInt8(ascii: "\n"))
            }
        }
    }

    private mutating func append(element: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output += hasElements ? ",\n".utf8 : "[".utf8
        hasElements = true
        output += element
    }

    /// Appends what ends the array.
    package func finish(into output: inout [UInt8]) {
        output += hasElements ? "]".utf8 : "[]".utf8
    }
}
