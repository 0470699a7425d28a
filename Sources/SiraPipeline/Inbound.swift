package import NIOCore
package import SiraCore
package import SiraWire

/// A request that has arrived whole.
package final class Inbound {
    package let operation: Operation
    /// What its path says of model and stream.
    package let path: PathFacts
    package let headers: HeaderFields
    /// Empty after ``letGoOfBody()``.
    package private(set) var body: ByteBuffer
    /// How long the body was, in bytes.
    package let bodySize: Int
    /// When its first byte arrived, by both clocks.
    package let startedAt: Timestamp
    package let startedUptime: UInt64
    /// Header fields that every answer to it carries, such as those of CORS.
    package let extraFields: [HeaderFields.Field]

    package init(
        operation: Operation,
        path: PathFacts = PathFacts(),
        headers: HeaderFields,
        body: ByteBuffer,
        startedAt: Timestamp,
        startedUptime: UInt64,
        extraFields: [HeaderFields.Field]
    ) {
        self.operation = operation
        self.path = path
        self.headers = headers
        self.body = body
        bodySize = body.readableBytes
        self.startedAt = startedAt
        self.startedUptime = startedUptime
        self.extraFields = extraFields
    }

    /// Frees the body, once no other provider can be asked: a stream may run for long.
    func letGoOfBody() {
        body = ByteBuffer()
    }
}
