import NIOCore
import SiraCore
import SiraJSON
import SiraWire

/// A stream that passes untouched, because client and provider speak the same protocol.
///
/// It is only looked at.
final class PassingStream: AnswerCourse {
    private var observer: any AnswerObserver
    private let indexer: JSONIndexer
    private var gathering: EventGathering
    private var hasBegun = false
    private(set) var isRefusal = false

    init(observer: any AnswerObserver, framing: StreamFraming, indexer: JSONIndexer) {
        self.observer = observer
        self.indexer = indexer
        gathering = EventGathering(framing)
    }

    var reported: ReportedUsage? { observer.reported }
    var contentEvents: Int { observer.contentEvents }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        do throws(GatewayError) {
            guard let events = try gathering.take(piece) else { return .frame }
            return pass(events, output: &output, ending: &ending)
        } catch {
            return .failure(error)
        }
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        do throws(GatewayError) {
            if let rest = try gathering.rest(indexer) {
                let step = pass(rest, output: &output, ending: &ending)
                switch step {
                case .last, .failure: return step
                case .frame, .content: break
                }
            }
        } catch {
            return .failure(error)
        }
        if observer.mayEnd { return .last }
        return .failure(
            GatewayError(.upstreamInterrupted, "The provider ended its stream in the middle of the answer. Try again.")
        )
    }

    private static func isComment(_ event: UnsafeRawBufferPointer) -> Bool {
        event.first == UInt8(ascii: ":") && SSEEvent(block: event).data == nil
    }

    private func pass(_ events: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        var result = CourseStep.frame
        // Runs of events that pass are copied, or handed on, in one go.
        var run = 0..<0
        var untouched = true
        events.withUnsafeReadableBytes { bytes in
            for range in gathering.events(in: bytes) {
                let event = UnsafeRawBufferPointer(rebasing: bytes[range])
                switch observer.observe(event: event, indexer: indexer) {
                case .frame:
                    let isComment = Self.isComment(event)
                    if !isComment { hasBegun = true }
                    // Before the first content nobody is kept waiting by comments, and they would pile up.
                    guard observer.contentEvents > 0 || !isComment else { break }
                    run = run.lowerBound..<range.upperBound
                    continue
                case .content:
                    run = run.lowerBound..<range.upperBound
                    if case .frame = result { result = .content }
                    continue
                case .withheld:
                    break
                case .last:
                    ending.writeBytes(event)
                    result = .last
                case .failure(let error):
                    isRefusal = !hasBegun && observer.contentEvents == 0 && observer.reported == nil
                    // The provider's own words for it, in the protocol that the client speaks.
                    ending.writeBytes(event)
                    result = .failure(error)
                }
                untouched = false
                output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run]))
                run = range.upperBound..<range.upperBound
                if case .failure = result { break }
            }
            if !untouched { output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run])) }
        }
        if untouched {
            if output.readableBytes == 0 { output = events } else { output.writeImmutableBuffer(events) }
        }
        return result
    }
}

/// A whole answer that passes untouched.
final class PassingWhole: AnswerCourse {
    private var observer: any AnswerObserver
    private let indexer: JSONIndexer
    private var body = ByteBuffer()
    private let limit: Int
    private(set) var isRefusal = false

    /// - Parameter limit: the most bytes that are held in memory.
    init(observer: any AnswerObserver, indexer: JSONIndexer, limit: Int) {
        self.observer = observer
        self.indexer = indexer
        self.limit = limit
    }

    var reported: ReportedUsage? { observer.reported }
    var contentEvents: Int { 0 }
    var whole: ByteBuffer? { body }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        gather(piece, into: &body, limit: limit)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        var error: GatewayError?
        let isJSON = body.withUnsafeReadableBytes { bytes in
            error = observer.observe(whole: bytes, indexer: indexer)
            return (try? indexer.read(bytes, limits: .answer) { $0.kind == .object }) ?? false
        }
        if let error {
            isRefusal = observer.reported == nil
            return .failure(error)
        }
        guard isJSON else {
            return .failure(
                GatewayError(
                    .upstreamProtocol,
                    "The provider answered with something that is not JSON. Check its base URL."
                )
            )
        }
        ending = body
        return .last
    }
}

/// A whole answer where a stream was asked for, of an operation whose answers cannot be made into one.
///
/// Its figures are read: it has cost something.
final class IgnoredStream: AnswerCourse {
    private let whole: PassingWhole

    init(_ whole: PassingWhole) {
        self.whole = whole
    }

    var reported: ReportedUsage? { whole.reported }
    var contentEvents: Int { 0 }
    var isRefusal: Bool { whole.isRefusal }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        whole.take(piece, output: &output, ending: &ending)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        var unseen = ByteBuffer()
        let step = whole.end(output: &output, ending: &unseen)
        if case .failure = step { return step }
        return .failure(
            GatewayError(
                .upstreamProtocol,
                "The provider ignored that a stream was asked for, and answered in one piece. Ask without \"stream\"."
            )
        )
    }
}
