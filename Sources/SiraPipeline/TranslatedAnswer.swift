import NIOCore
import SiraCore
import SiraJSON
import SiraWire

/// An answer of the provider's protocol that is told again in the client's.
final class TranslatedAnswer: AnswerCourse {
    private var reader: any AnswerReader
    private var writer: any AnswerWriter
    private let indexer: JSONIndexer
    private let isStream: Bool
    private let limit: Int
    private var gathering: EventGathering
    private let clientFraming: StreamFraming
    private var body = ByteBuffer()
    private var events: [AnswerEvent] = []
    private var bytes: [UInt8] = []
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    private var hasBegun = false
    private(set) var isRefusal = false
    var dropped: [String] { writer.dropped }
    var whole: ByteBuffer? { isStream ? nil : body }
    /// What the client has read so far, for an attempt to go on with; nil where it was not text alone, or too much.
    private(set) var said: String?
    /// The number of the part that was said last.
    private var lastPart = 0
    /// What is added to the numbers of parts, where this goes on with another answer.
    private let partOffset: Int
    private let isContinuing: Bool
    private static let saidLimit = 1_000_000

    /// - Parameters:
    ///   - framing: how the provider's events are told apart.
    ///   - clientFraming: how the client's are.
    ///   - remembers: whether what is said is kept, for an attempt to go on with.
    init(
        reader: any AnswerReader,
        writer: any AnswerWriter,
        framing: StreamFraming,
        clientFraming: StreamFraming = .serverSentEvents,
        indexer: JSONIndexer,
        isStream: Bool,
        limit: Int,
        remembers: Bool = false
    ) {
        said = remembers ? "" : nil
        (partOffset, isContinuing) = (0, false)
        gathering = EventGathering(framing)
        self.reader = reader
        self.writer = writer
        self.clientFraming = clientFraming
        self.indexer = indexer
        self.isStream = isStream
        self.limit = limit
    }

    /// Goes on with an answer that broke off: what comes is written as if it had been part of that.
    init(continuing earlier: TranslatedAnswer, _ reader: any AnswerReader, _ framing: StreamFraming, isStream: Bool) {
        gathering = EventGathering(framing)
        self.reader = reader
        self.isStream = isStream
        (writer, clientFraming, indexer, limit) = (
            earlier.writer, earlier.clientFraming, earlier.indexer, earlier.limit
        )
        (said, lastPart, partOffset, isContinuing) = (earlier.said, earlier.lastPart, earlier.lastPart, true)
    }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        guard isStream else { return gather(piece, into: &body, limit: limit) }
        do throws(GatewayError) {
            guard let whole = try gathering.take(piece) else { return .frame }
            try read(whole)
            let step = tell(output: &output)
            if case .failure = step { return step }
            // The body may stay open after the protocol's last event, and the client does not wait for that.
            return reader.isOver ? close(output: &output, ending: &ending) : step
        } catch {
            return .failure(error)
        }
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        do throws(GatewayError) {
            if isStream {
                if let rest = try gathering.rest(indexer) { try read(rest) }
            } else {
                try readBlock(body)
            }
            reader.finish(into: &events)
            let step = tell(output: &output)
            if case .failure = step { return step }
            return close(output: &output, ending: &ending)
        } catch {
            return .failure(error)
        }
    }

    /// Writes what ends the answer; of a stream, its last event alone waits for the settlement.
    private func close(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        bytes.removeAll(keepingCapacity: true)
        writer.finish(into: &bytes)
        // What is no stream is one JSON text, in which no event ends before its own end.
        let last = bytes.withUnsafeBytes { StreamFramer.events(in: $0, clientFraming).last?.lowerBound } ?? 0
        output.writeBytes(bytes[..<last])
        ending.writeBytes(bytes[last...])
        return .last
    }

    private func read(_ whole: ByteBuffer) throws(GatewayError) {
        let ranges = whole.withUnsafeReadableBytes { gathering.events(in: $0) }
        for range in ranges {
            guard let block = whole.getSlice(at: whole.readerIndex + range.lowerBound, length: range.count) else {
                continue
            }
            try readBlock(block)
        }
    }

    private func readBlock(_ block: ByteBuffer) throws(GatewayError) {
        let result: Result<Void, GatewayError> = block.withUnsafeReadableBytes { bytes in
            Result { () throws(GatewayError) in try reader.read(bytes, indexer: indexer, into: &events) }
        }
        try result.get()
    }

    /// Keeps what is said as long as it is text alone: half a call of a tool cannot be gone on with.
    private func remember(_ event: AnswerEvent) {
        guard let before = said else { return }
        guard case .text(let part, let text) = event, before.utf8.count + text.utf8.count <= Self.saidLimit else {
            said = nil
            return
        }
        lastPart = part + partOffset
        said?.append(text)
    }

    /// Writes what the events say in the client's protocol.
    private func tell(output: inout ByteBuffer) -> CourseStep {
        var result = CourseStep.frame
        bytes.removeAll(keepingCapacity: true)
        for event in events {
            if case .usage(let figures) = event { reported = figures }
            if case .failure(let error) = event {
                // An interruption is what the reader makes of an end that came too early.
                isRefusal = !hasBegun && error.code != .upstreamInterrupted
                result = .failure(error)
                break
            }
            hasBegun = true
            if event.isContent {
                contentEvents += 1
                result = .content
                remember(event)
            }
            // The client has seen the beginning.
            if isContinuing, case .start = event { continue }
            writer.write(isContinuing ? event.shifted(by: partOffset) : event, into: &bytes)
        }
        events.removeAll(keepingCapacity: true)
        output.writeBytes(bytes)
        return result
    }
}

extension AnswerEvent {
    /// The same in a part that many places later.
    fileprivate func shifted(by offset: Int) -> AnswerEvent {
        switch self {
        case .text(let part, let text): .text(part: part + offset, text)
        case .refusal(let part, let text): .refusal(part: part + offset, text)
        case .thinking(let part, let text): .thinking(part: part + offset, text)
        case .signature(let part, let text): .signature(part: part + offset, text)
        case .redactedThinking(let part, let text): .redactedThinking(part: part + offset, text)
        case .toolCall(let part, let id, let name): .toolCall(part: part + offset, id: id, name: name)
        case .toolArguments(let part, let text): .toolArguments(part: part + offset, text)
        case .citation(let part, let citation): .citation(part: part + offset, citation)
        case .logprobs(let part, let tokens): .logprobs(part: part + offset, tokens)
        case .audio(let part, let text): .audio(part: part + offset, text)
        case .transcript(let part, let text): .transcript(part: part + offset, text)
        case .media(let part, let media): .media(part: part + offset, media)
        case .native(let part, let wire, let json): .native(part: part + offset, wire, json)
        case .start, .choice, .usage, .stop, .failure: self
        }
    }
}
