import NIOCore
import SiraCore
import SiraJSON
import SiraWire

/// An answer that goes to the client byte by byte as it comes, whatever it is: sound, text, a provider's own stream.
///
/// Where it is known what it is, it is looked at for its figures on the way. Nothing that is found or missing there
/// changes what the client gets.
final class PassingBytes: AnswerCourse {
    private enum Meter {
        case none
        case events(EventGathering)
        case whole(ByteBuffer, limit: Int)
    }

    private var observer: (any AnswerObserver)?
    private let indexer: JSONIndexer?
    private var meter = Meter.none

    private let given: ReportedUsage?

    /// An answer of which nothing is read.
    ///
    /// - Parameter reported: what is known of it beforehand.
    init(reported: ReportedUsage? = nil) {
        given = reported
        indexer = nil
    }

    /// - Parameters:
    ///   - framing: how the events of a stream are told apart; nil for an answer in one piece.
    ///   - limit: the most bytes of one in one piece that are held for its figures.
    init(observer: any AnswerObserver, framing: StreamFraming?, indexer: JSONIndexer, limit: Int) {
        given = nil
        self.observer = observer
        self.indexer = indexer
        meter = framing.map { .events(EventGathering($0)) } ?? .whole(ByteBuffer(), limit: limit)
    }

    var reported: ReportedUsage? { given ?? observer?.reported }
    var contentEvents: Int { observer?.contentEvents ?? 0 }
    var isRefusal: Bool { false }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        if output.readableBytes == 0 { output = piece } else { output.writeImmutableBuffer(piece) }
        look(at: piece)
        return .content
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        guard let indexer else { return .last }
        switch meter {
        case .none: break
        case .events(var gathering):
            if let rest = try? gathering.rest(indexer) { observe(rest, gathering) }
        case .whole(let body, _):
            _ = body.withUnsafeReadableBytes { observer?.observe(whole: $0, indexer: indexer) }
        }
        meter = .none
        return .last
    }

    private func look(at piece: ByteBuffer) {
        switch meter {
        case .none: break
        case .events(var gathering):
            meter = .none  // lets go of it, so that it can change in place
            guard let whole = try? gathering.take(piece) else {
                meter = .events(gathering)
                break
            }
            observe(whole, gathering)
            meter = .events(gathering)
        case .whole(var body, let limit):
            meter = .none
            guard body.readableBytes + piece.readableBytes <= limit else { break }
            body.writeImmutableBuffer(piece)
            meter = .whole(body, limit: limit)
        }
    }

    private func observe(_ events: ByteBuffer, _ gathering: EventGathering) {
        guard let indexer else { return }
        events.withUnsafeReadableBytes { bytes in
            for range in gathering.events(in: bytes) {
                _ = observer?.observe(event: UnsafeRawBufferPointer(rebasing: bytes[range]), indexer: indexer)
            }
        }
    }
}
