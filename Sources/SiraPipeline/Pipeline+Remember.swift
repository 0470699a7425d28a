import Logging
import NIOCore
import SiraCore
import SiraJSON
import SiraLedger
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

extension Pipeline {
    /// Has an answer kept if its client may want to go on from it.
    ///
    /// After the client's bytes have left. The answer that is kept is the one that the client was given: a whole body, or
    /// what a stream's final event holds.
    func remember(_ ending: Ending, _ request: RequestContext) {
        guard ending.error == nil, let conversation = request.conversation, conversation.request.isStored,
            let keeping = request.snapshot.policy.keptResponses, conversation.size <= keeping.bytes,
            let history = request.clientDialect.history, let deployment = request.candidate?.deployment
        else { return }
        let isStream = request.envelope?.isStream ?? false
        let (context, key, isSpoken) = (context, request.key?.id ?? "", request.isSpoken)
        let (id, bytes, access) = (request.id, ending.bytes, deployment.access.name)
        context.afterTurn {
            guard let answer = Self.answer(in: bytes, isStream: isStream, history, context.indexer), answer.isFinal
            else { return }
            let now = context.clock.now()
            var response = StoredResponse(
                id: answer.id,
                key: key,
                access: access,
                createdAt: now,
                input: conversation.input,
                response: answer.json.bytes
            )
            response.isNative = isSpoken && answer.isKept
            response.isWhole = conversation.isWhole
            response.expiresAt = keeping.time.map { now.advanced(by: $0) }
            guard response.size <= keeping.bytes else {
                context.services.logger.debug(
                    "an answer is too large to be kept",
                    metadata: ["request": "\(id)", "bytes": "\(response.size)"]
                )
                return
            }
            context.services.responses.keep(response)
        }
    }

    private static func answer(
        in bytes: ByteBuffer,
        isStream: Bool,
        _ history: any ConversationHistory,
        _ indexer: JSONIndexer
    ) -> ConversationAnswer? {
        bytes.withUnsafeReadableBytes { bytes in
            guard isStream else {
                return (try? indexer.read(bytes, limits: .answer) { history.answer(whole: $0) }) ?? nil
            }
            for range in SSEFramer.events(in: bytes).reversed() {
                guard let data = SSEEvent(block: UnsafeRawBufferPointer(rebasing: bytes[range])).data else { continue }
                if let answer = (try? indexer.read(data, limits: .answer) { history.answer(event: $0) }) ?? nil {
                    return answer
                }
            }
            return nil
        }
    }
}
