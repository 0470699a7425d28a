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
    /// what a stream's final event holds. Of an answer that a provider keeps, and that is not kept here, it is noted
    /// whose it is: its id leads to it at the operator's account, whoever sends it.
    func remember(_ ending: Ending, _ request: RequestContext) {
        guard ending.error == nil, let conversation = request.conversation, conversation.request.isStored,
            let history = request.clientDialect.history, let deployment = request.deployment
        else { return }
        let isStream = request.envelope?.isStream ?? false
        let keeping = request.snapshot.policy.keptResponses
        let (context, key, isSpoken) = (context, request.key?.id ?? "", request.attempt?.isSpoken ?? false)
        let (bytes, access, credential) = (ending.bytes, deployment.access.name, request.attempt?.credential?.digest)
        context.afterTurn {
            guard let answer = Self.answer(in: bytes, isStream: isStream, history, context.indexer) else { return }
            let now = context.clock.now()
            var response = StoredResponse(
                id: answer.id,
                key: key,
                access: access,
                createdAt: now,
                input: [],
                response: []
            )
            response.isNative = isSpoken && answer.isKept
            response.credential = credential
            let size = conversation.size + answer.json.bytes.count
            if let keeping, answer.isFinal, size <= keeping.bytes {
                response.input = conversation.input
                response.response = answer.json.bytes
                response.isWhole = conversation.isWhole
                response.expiresAt = keeping.time.map { now.advanced(by: $0) }
            } else {
                guard response.isNative, answer.isFinal || answer.isRunning else { return }
                response.isWhole = false
                response.expiresAt = (keeping ?? KeptResponses()).time.map { now.advanced(by: $0) }
            }
            guard !context.services.responses.keep(response), response.isNative else { return }
            // Whose it is has to be known, even where there is no room for what it says.
            (response.input, response.response, response.isWhole) = ([], [], false)
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
