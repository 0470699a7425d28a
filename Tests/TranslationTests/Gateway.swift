import SiraAnthropic
import SiraCore
import SiraJSON
import SiraOpenAI
import SiraWire

/// The way from a client to a provider of another protocol and back, without the network.
struct Gateway {
    let indexer = JSONIndexer()
    private let client: (any ConversationClient)?
    private let provider: (any ConversationProvider)?
    private let framing: StreamFraming

    init(client: any Dialect = OpenAIDialect(), provider: any Dialect = AnthropicDialect()) {
        self.client = client.client
        self.provider = provider.provider
        framing = provider.framing
    }

    func request(
        _ body: [UInt8],
        model: String = "claude",
        quirks: Quirks = Quirks(),
        traits: ModelTraits = ModelTraits(),
        thinks: Bool? = nil,
        path: PathFacts = PathFacts()
    ) throws -> WrittenCall {
        let call = try indexer.read(body) { try client!.readCall($0, path: path) }
        return try provider!.writeCall(
            call,
            to: TargetModel(name: model, quirks: quirks, thinks: thinks, traits: traits),
            indexer: indexer
        )
    }

    func writer(isStream: Bool, asksForUsage: Bool = true) -> any AnswerWriter {
        client!.makeWriter(
            for: AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "claude",
                isStream: isStream,
                asksForUsage: asksForUsage,
                createdAt: Timestamp(microseconds: 1_000_000)
            )
        )
    }

    func answer(_ body: [UInt8]) throws -> [UInt8] {
        var (output, events): ([UInt8], [AnswerEvent]) = ([], [])
        var reader = provider!.makeReader(isStream: false, quirks: Quirks())
        var writer = writer(isStream: false)
        try body.withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        reader.finish(into: &events)
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return output
    }

    /// Gathers a stream into a whole answer.
    func whole(fromStream stream: [UInt8]) throws -> [UInt8] {
        var (output, events): ([UInt8], [AnswerEvent]) = ([], [])
        var reader = provider!.makeReader(isStream: true, quirks: Quirks())
        var writer = writer(isStream: false)
        try Self.forEachEvent(in: [stream], framing) { try reader.read($0, indexer: indexer, into: &events) }
        reader.finish(into: &events)
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return output
    }

    /// Passes a stream on, in the pieces in which it arrives.
    func stream(_ pieces: [[UInt8]]) throws -> (output: [UInt8], events: [AnswerEvent]) {
        var (output, all): ([UInt8], [AnswerEvent]) = ([], [])
        var reader = provider!.makeReader(isStream: true, quirks: Quirks())
        var writer = writer(isStream: true)
        try Self.forEachEvent(in: pieces, framing) { block in
            var events: [AnswerEvent] = []
            try reader.read(block, indexer: indexer, into: &events)
            for event in events { writer.write(event, into: &output) }
            all += events
        }
        var events: [AnswerEvent] = []
        reader.finish(into: &events)
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return (output, all + events)
    }

    func observe(_ pieces: [[UInt8]], with observer: inout any AnswerObserver) throws -> [EventRole] {
        var roles: [EventRole] = []
        try Self.forEachEvent(in: pieces, framing) { roles.append(observer.observe(event: $0, indexer: indexer)) }
        return roles
    }

    static func forEachEvent(
        in pieces: [[UInt8]],
        _ framing: StreamFraming = .serverSentEvents,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var framer = StreamFramer(framing)
        var pending: [UInt8] = []
        for piece in pieces {
            let complete = piece.withUnsafeBytes { framer.completeLength(of: $0) }
            guard complete > 0 else {
                pending += piece
                continue
            }
            pending += piece[..<complete]
            try pending.withUnsafeBytes { bytes in
                for range in StreamFramer.events(in: bytes, framing) {
                    try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
                }
            }
            pending = Array(piece[complete...])
        }
        // What a stream holds after its last blank line is an event that never ended.
        if !pending.isEmpty { try pending.withUnsafeBytes { try body($0) } }
    }
}
