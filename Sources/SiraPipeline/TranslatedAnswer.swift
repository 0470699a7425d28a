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

    /// - Parameters:
    ///   - framing: how the provider's events are told apart.
    ///   - clientFraming: how the client's are.
    init(
        reader: any AnswerReader,
        writer: any AnswerWriter,
        framing: StreamFraming,
        clientFraming: StreamFraming = .serverSentEvents,
        indexer: JSONIndexer,
        isStream: Bool,
        limit: Int
    ) {
        gathering = EventGathering(framing)
        self.reader = reader
        self.writer = writer
        self.clientFraming = clientFraming
        self.indexer = indexer
        self.isStream = isStream
        self.limit = limit
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
            }
            writer.write(event, into: &bytes)
        }
        events.removeAll(keepingCapacity: true)
        output.writeBytes(bytes)
        return result
    }
}
