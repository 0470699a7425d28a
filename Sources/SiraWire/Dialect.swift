package import SiraCore
package import SiraJSON

/// How Sira speaks one protocol, to clients and to providers.
///
/// Two families of use. Where client and provider speak the same protocol, bytes pass through:
/// ``envelope(of:operation:)`` says where to splice, an ``AnswerObserver`` watches what comes back. Where
/// they differ, a request goes `readCall → Call → writeCall` and the answer `AnswerReader → AnswerEvent →
/// AnswerWriter`, whole answers and streams through the same code. The client's dialect does the outer two steps
/// (``ConversationClient``), the provider's the inner two (``ConversationProvider``).
package protocol Dialect: Sendable {
    var name: WireProtocol { get }

    /// What a client's request says about model and stream.
    ///
    /// - Parameters:
    ///   - json: the body's root.
    ///   - path: what the request's path says.
    /// - Throws: `invalidField` when a field that Sira reads is missing or has the wrong type.
    func envelope(of json: JSONValue, operation: Operation, path: PathFacts) throws(GatewayError) -> Envelope

    /// The path after a base URL, as providers document it, with its query if it needs one.
    func path(of operation: Operation, to target: TargetModel, isStream: Bool) -> String

    /// What must change in a client's own bytes for a provider of the same protocol.
    func splices(_ envelope: Envelope, to target: TargetModel) -> [Splice]

    /// How the events of a stream are told apart.
    var framing: StreamFraming { get }

    /// Whether the protocol's clients skip comments in a stream, as the standard of server-sent events has it.
    var takesComments: Bool { get }

    /// An observer for an answer that passes through untouched.
    func makeObserver(
        _ operation: Operation,
        isStream: Bool,
        withholdsUsage: Bool,
        quirks: Quirks
    ) -> any AnswerObserver

    /// The error as this protocol's body, on its own or as the last event of a stream.
    func errorBody(_ error: GatewayError, request: RequestID) -> [UInt8]
    func errorEvent(_ error: GatewayError, request: RequestID) -> [UInt8]

    /// What a provider's error answer says. `body` is what it sent, perhaps not JSON, perhaps empty.
    func readError(status: Int, body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError

    /// How clients of this protocol talk to providers of another; nil when that is not known.
    var client: (any ConversationClient)? { get }

    /// How providers of this protocol serve clients of another; nil when that is not known.
    var provider: (any ConversationProvider)? { get }

    /// How the protocol holds sessions over a WebSocket; nil when it has none.
    var sessions: (any SessionDialect)? { get }
    /// How clients of this protocol ask for embeddings of providers of another; nil when that is not known.
    var embeddingClient: (any EmbeddingClient)? { get }
    /// How providers of this protocol give embeddings to clients of another; nil when that is not known.
    var embeddingProvider: (any EmbeddingProvider)? { get }
    /// How clients of this protocol have tokens counted by providers of another; nil when that is not known.
    var tokenCountClient: (any TokenCountClient)? { get }
    /// How providers of this protocol count tokens for clients of another; nil when they do not.
    var tokenCountProvider: (any TokenCountProvider)? { get }
    /// How conversations go on by the name of an answer; nil in protocols that repeat them whole each time.
    var history: (any ConversationHistory)? { get }
}

extension Dialect {
    package func splices(_ envelope: Envelope, to target: TargetModel) -> [Splice] { envelope.splices(for: target) }
    package var framing: StreamFraming { .serverSentEvents }
    package var sessions: (any SessionDialect)? { nil }
    package var embeddingClient: (any EmbeddingClient)? { nil }
    package var embeddingProvider: (any EmbeddingProvider)? { nil }
    package var tokenCountClient: (any TokenCountClient)? { nil }
    package var tokenCountProvider: (any TokenCountProvider)? { nil }
    package var history: (any ConversationHistory)? { nil }
    package var takesComments: Bool { framing == .serverSentEvents }
}

/// The half of a dialect that faces clients whose request goes to a provider of another protocol.
package protocol ConversationClient: Sendable {
    /// Reads a client's request in full.
    ///
    /// - Parameter path: what the request's path says.
    /// - Throws: `invalidField` when the request is not what the protocol says.
    func readCall(_ json: JSONValue, path: PathFacts) throws(GatewayError) -> Call

    /// A writer for the answer to a client.
    func makeWriter(for request: AnswerRequest) -> any AnswerWriter

    /// Whether answers tell of the request, so that their writer wants all of it: false unless a dialect says so.
    var answersTellOfRequest: Bool { get }
}

extension ConversationClient {
    package var answersTellOfRequest: Bool { false }
}

/// The half of a dialect that faces providers when the request came in another protocol.
package protocol ConversationProvider: Sendable {
    /// Writes the request for a provider.
    ///
    /// - Parameter indexer: for JSON inside the call, such as tool arguments; not reading anything else meanwhile.
    /// - Returns: the body and the JSON paths of what the protocol cannot express and was left out.
    /// - Throws: `unsupportedFeature` when leaving it out would change what is asked.
    func writeCall(
        _ call: Call,
        to target: TargetModel,
        indexer: JSONIndexer
    ) throws(GatewayError) -> WrittenCall

    /// A reader for a provider's answer.
    func makeReader(isStream: Bool, quirks: Quirks) -> any AnswerReader
}

/// What a writer must know of the model that a call goes to.
package struct TargetModel: Sendable {
    /// The model's name as its provider knows it.
    package var name: String
    package var quirks: Quirks
    /// The most tokens of one answer, for protocols that demand a limit when the client gives none; nil when it is not
    /// known.
    package var maxOutput: Int?
    /// Whether the model can think; nil when that is not known.
    package var thinks: Bool?
    package var traits: ModelTraits

    package init(
        name: String,
        quirks: Quirks,
        maxOutput: Int? = nil,
        thinks: Bool? = nil,
        traits: ModelTraits = ModelTraits()
    ) {
        self.name = name
        self.quirks = quirks
        self.maxOutput = maxOutput
        self.thinks = thinks
        self.traits = traits
    }
}

/// What ``ConversationProvider/writeCall(_:to:indexer:)`` makes.
package struct WrittenCall: Sendable {
    package var body: [UInt8]
    /// JSON paths, in the client's request, of what was left out.
    package var dropped: [String]

    package init(body: [UInt8], dropped: [String]) {
        self.body = body
        self.dropped = dropped
    }
}

/// What an answer's writer must know of the request.
package struct AnswerRequest: Sendable {
    package var request: RequestID
    /// The model's name as the client wrote it, which the answer repeats.
    package var model: String
    package var isStream: Bool
    package var asksForUsage: Bool
    package var createdAt: Timestamp
    /// The request in full, for protocols whose answers tell of it; nil where nobody has read it.
    ///
    /// A writer keeps no more of it than it needs: it lives as long as the stream.
    package var call: Call?
    /// The answer that the request says it goes on from.
    package var previous: String?
    /// Tells how long the request has been under way, in milliseconds, for protocols whose answers tell of it.
    package var elapsed: @Sendable () -> Int = { 0 }

    package init(
        request: RequestID,
        model: String,
        isStream: Bool,
        asksForUsage: Bool,
        createdAt: Timestamp,
        call: Call? = nil
    ) {
        self.request = request
        self.model = model
        self.isStream = isStream
        self.asksForUsage = asksForUsage
        self.createdAt = createdAt
        self.call = call
    }
}

/// What one event of a passing stream is, to the one who passes it.
package enum EventRole: Sendable {
    /// Carries a part of the answer. The first of these commits the attempt.
    case content
    /// Belongs to the protocol and carries nothing: pings, openings, comments.
    case frame
    /// Was asked for by Sira alone, and is kept from the client.
    case withheld
    /// The protocol's last event.
    case last
    /// The provider says that the stream has failed.
    case failure(GatewayError)
}

/// Watches an answer that passes through untouched, and keeps what the books need.
package protocol AnswerObserver {
    /// The figures so far; nil while the provider has given none.
    var reported: ReportedUsage? { get }
    /// Content events seen so far: what is known of the answer's length while there are no figures.
    var contentEvents: Int { get }
    /// Whether a stream that ends now, without the protocol's last event, is complete nevertheless.
    ///
    /// Some followers of OpenAI leave that event out; that the answer has said why it ends then tells that all is
    /// there.
    var mayEnd: Bool { get }

    /// Looks at one event of a stream (its block of lines, blank line included).
    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole

    /// Looks at a whole answer. Bodies that are not JSON are no error: they only tell nothing.
    ///
    /// - Returns: what has failed, when the body is an error and no answer, whatever its status; else nil.
    @discardableResult
    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError?
}

/// Turns a provider's answer into events.
package protocol AnswerReader {
    /// Whether the protocol's last event has been read, or a failure: what may follow means nothing any more.
    var isOver: Bool { get }

    /// Reads one event of a stream (its block of lines, or whatever the dialect's framing cuts out), or the body of a whole answer, and appends what it means.
    ///
    /// - Throws: `upstreamProtocol` when it cannot be understood.
    mutating func read(
        _ block: UnsafeRawBufferPointer,
        indexer: JSONIndexer,
        into events: inout [AnswerEvent]
    ) throws(GatewayError)

    /// Says that the provider's answer is over; appends what was still open, or a failure when the end came early.
    mutating func finish(into events: inout [AnswerEvent])
}

/// Turns events into the answer that a client reads.
package protocol AnswerWriter {
    /// What the answer had that the client's protocol has no place for, such as `answer.citations`; each once.
    var dropped: [String] { get }

    /// Appends to `output` what the client sees of the event; nothing, while a whole answer is being gathered.
    mutating func write(_ event: AnswerEvent, into output: inout [UInt8])

    /// Appends what ends the answer: the whole body, or the stream's last event.
    mutating func finish(into output: inout [UInt8])
}

extension AnswerWriter {
    package var dropped: [String] { [] }
}
