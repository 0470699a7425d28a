internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// What one message of a provider's stream is.
enum StreamEvent {
    /// An event of this name, whose payload is JSON.
    case event(name: String, payload: [UInt8])
    case failure(GatewayError)

    /// Reads a message.
    ///
    /// - Throws: `upstreamProtocol` when it is none.
    init(_ block: UnsafeRawBufferPointer, indexer: JSONIndexer) throws(GatewayError) {
        let message: EventStreamMessage
        do throws(EventStreamError) {
            message = try EventStreamMessage(block)
        } catch {
            throw GatewayError(.upstreamProtocol, "The provider's stream cannot be read: \(error).")
        }
        switch message[":message-type"] {
        case "exception":
            let error = try? indexer.read(message.payload, limits: .answer) { BedrockError(body: $0) }
            self = .failure((error ?? BedrockError()).inStream(type: message[":exception-type"]))
        case "error":
            let error = BedrockError(message: message[":error-message"])
            self = .failure(error.inStream(type: message[":error-code"]))
        default:
            self = .event(name: message[":event-type"] ?? "", payload: message.payload)
        }
    }

    /// A message that carries an event of the service's, as JSON.
    static func message(_ name: String, _ payload: [UInt8]) -> [UInt8] {
        EventStreamMessage(
            headers: [
                EventStreamHeader(":event-type", name), EventStreamHeader(":content-type", "application/json"),
                EventStreamHeader(":message-type", "event"),
            ],
            payload: payload
        ).bytes
    }

    /// A message that says that the stream has failed.
    static func exception(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        EventStreamMessage(
            headers: [
                EventStreamHeader(":exception-type", type), EventStreamHeader(":content-type", "application/json"),
                EventStreamHeader(":message-type", "exception"),
            ],
            payload: payload
        ).bytes
    }
}
