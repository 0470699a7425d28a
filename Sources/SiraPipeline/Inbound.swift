package import NIOCore
package import SiraCore
package import SiraWire

/// A request that has arrived whole.
package struct Inbound {
    package var operation: Operation
    package var headers: HeaderFields
    package var body: ByteBuffer
    /// When its first byte arrived, by both clocks.
    package var startedAt: Timestamp
    package var startedUptime: UInt64
    /// Header fields that every answer to it carries, such as those of CORS.
    package var extraFields: [HeaderFields.Field]

    package init(
        operation: Operation,
        headers: HeaderFields,
        body: ByteBuffer,
        startedAt: Timestamp,
        startedUptime: UInt64,
        extraFields: [HeaderFields.Field]
    ) {
        self.operation = operation
        self.headers = headers
        self.body = body
        self.startedAt = startedAt
        self.startedUptime = startedUptime
        self.extraFields = extraFields
    }
}
