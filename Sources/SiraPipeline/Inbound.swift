package import NIOCore
package import SiraCore
import SiraStorage
package import SiraWire

/// A request that has arrived: whole, or but for a body that is passed on as it comes.
package final class Inbound {
    package let operation: Operation
    /// What its path says of model and stream.
    package let path: PathFacts
    package let matter: Matter
    package let method: String
    /// What follows the path's question mark, of requests about things; empty for nothing.
    package let query: String
    package let headers: HeaderFields
    /// Empty after ``letGoOfBody(largerThan:)`` of a larger one, and where there is a ``source``.
    package private(set) var body: ByteBuffer
    /// The body, where it is still arriving.
    package let source: ArrivingBody?
    /// How long the body was, in bytes.
    package let bodySize: Int
    /// When its first byte arrived, by both clocks.
    package let startedAt: Timestamp
    package let startedUptime: UInt64
    /// Header fields that every answer to it carries, such as those of CORS.
    package let extraFields: [HeaderFields.Field]
    /// The protocol that the client speaks, as far as its path tells.
    package let clientProtocol: WireProtocol

    package init(
        operation: Operation,
        path: PathFacts = PathFacts(),
        matter: Matter = .call,
        method: String = "POST",
        query: String = "",
        headers: HeaderFields,
        body: ByteBuffer,
        source: ArrivingBody? = nil,
        startedAt: Timestamp,
        startedUptime: UInt64,
        extraFields: [HeaderFields.Field]
    ) {
        self.operation = operation
        self.path = path
        self.matter = matter
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
        self.source = source
        bodySize = source?.length ?? body.readableBytes
        self.startedAt = startedAt
        self.startedUptime = startedUptime
        self.extraFields = extraFields
        clientProtocol =
            switch matter {
            case .passage(let passage): PassageMeaning(of: passage.path).operation?.clientProtocol ?? .openai
            // Two protocols have files at the same path; the clients of one of them say its version.
            case .thing where headers["anthropic-version"] != nil: .anthropic
            case .call, .thing: operation.clientProtocol
            }
    }

    /// What the body holds beside text; known once it is read.
    var media = InlineMedia()

    /// How long the text is that the model reads, in bytes; nil of a body that still arrives, most of which is a file.
    var textSize: Int? { source == nil ? max(0, bodySize - media.bytes) : nil }

    /// How long what the model reads is, in bytes of text: pictures and sound as text of about as many tokens.
    var promptSize: Int? { textSize.map { $0 + 4 * media.tokens } }

    /// The ``PromptDigest`` of the body; 0 for a file.
    private(set) lazy var digest = PromptDigest.of(body)

    /// Frees a body of more bytes than `size`, once no other provider can be asked: a stream may run for long.
    func letGoOfBody(largerThan size: Int) {
        _ = digest
        guard body.readableBytes <= size else { return body = ByteBuffer() }
        // One that was read with other things, or into a buffer for larger ones, holds no more memory than it needs.
        if body.storageCapacity > 2 * body.readableBytes { body = ByteBuffer(bytes: body.readableBytesView) }
    }
}

/// What a request is about.
package enum Matter: Sendable {
    /// Something is asked of a model.
    case call
    /// It goes to a path of a provider as it is.
    case passage(Passage)
    /// It is about something that a provider keeps.
    case thing(KeptThing)

    /// Whether what is asked costs nothing, however it ends: of things that are kept, batches alone are work.
    var isFree: Bool {
        if case .thing(let thing) = self { thing != KeptThing(.batch, .create) } else { false }
    }

    /// Whether it is about things that providers keep.
    package var isThing: Bool {
        if case .thing = self { true } else { false }
    }
}
