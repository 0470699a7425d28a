import NIOCore
import SiraCore
import SiraWire

/// A provider's answer that is read whole and told again in the client's protocol, where no conversation is held.
final class TranslatedWhole: AnswerCourse {
    /// What an answer is in the client's protocol, or what is wrong with it; and what it says was used either way.
    struct Telling {
        let body: Result<[UInt8], GatewayError>
        let reported: ReportedUsage?
    }

    private let limit: Int
    private let tell: (UnsafeRawBufferPointer) -> Telling
    private var body = ByteBuffer()
    private(set) var reported: ReportedUsage?
    let contentEvents = 0
    let isRefusal = false

    /// - Parameters:
    ///   - limit: the most bytes that are held in memory.
    ///   - tell: reads the provider's body.
    init(limit: Int, tell: @escaping (UnsafeRawBufferPointer) -> Telling) {
        self.limit = limit
        self.tell = tell
    }

    func take(_ piece: ByteBuffer, output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        gather(piece, into: &body, limit: limit)
    }

    func end(output: inout ByteBuffer, ending: inout ByteBuffer) -> CourseStep {
        let telling = body.withUnsafeReadableBytes(tell)
        body = ByteBuffer()
        reported = telling.reported
        switch telling.body {
        case .success(let told):
            ending = ByteBuffer(bytes: told)
            return .last
        case .failure(let error):
            return .failure(error)
        }
    }
}
