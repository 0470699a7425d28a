package import Logging
package import SiraCore
package import SiraStorage
import Synchronization

/// Keeps decision records without anyone's waiting for the disk, or for their being encoded.
///
/// Who has a record hands it over and goes on; it is written soon after, with others in one transaction, and can be read
/// from the moment it was handed over. Like kept answers, and unlike the ledger's lines, those handed over just before a
/// crash may be lost.
package final class DecisionArchive: Sendable {
    private struct Waiting {
        var document: any DecisionDocument
        var key: String
        var createdAt: Timestamp
        /// Tells a record from a later one of the same request.
        var turn: Int
    }

    private struct State {
        /// What is still to be written, and what is being written.
        var waiting: [RequestID: Waiting] = [:]
        /// The requests in the order in which they came; those of which nothing waits any more are passed over.
        var order: [RequestID] = []
        var bytes = 0
        var turns = 0
        /// Since it was last told of, and in all.
        var untold = 0
        var dropped = 0
    }

    private let store: any DecisionStore
    private let time: Duration?
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Mutex(State())
    private let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// How many records, and how many bytes of them, may wait; beyond that records are not kept.
    static let waitingLimit = 20_000
    static let byteLimit = 64_000_000
    /// Records that are written in one transaction.
    static let batchSize = 500
    /// Between two rounds, so that records gather: a transaction takes as long for one as for many.
    static let pause = Duration.milliseconds(200)

    /// - Parameters:
    ///   - time: how long records are kept; nil is for good.
    ///   - sleep: waits; throws when the task is cancelled.
    package init(
        store: any DecisionStore,
        keptFor time: Duration?,
        logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.time = time
        self.logger = logger
        self.sleep = sleep
        (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a request's record to be kept, in place of an earlier one.
    ///
    /// - Parameter key: the id of the key that asked; empty when no key was asked for.
    /// - Returns: false when so many wait already that there is no room for it.
    @discardableResult
    package func keep(
        _ document: any DecisionDocument,
        of request: RequestID,
        key: String,
        at now: Timestamp
    ) -> Bool {
        let size = document.size
        let (isTaken, isFirstDropped) = state.withLock { state in
            guard state.waiting.count < Self.waitingLimit, state.bytes + size <= Self.byteLimit else {
                state.untold += 1
                state.dropped += 1
                return (false, state.untold == 1)
            }
            state.turns += 1
            let waiting = Waiting(document: document, key: key, createdAt: now, turn: state.turns)
            if let earlier = state.waiting.updateValue(waiting, forKey: request) {
                state.bytes -= earlier.document.size
            } else {
                state.order.append(request)
            }
            state.bytes += size
            return (true, false)
        }
        if isTaken { wake.yield() }
        if isFirstDropped { logger.warning("decision records come faster than they can be written; some are not kept") }
        return isTaken
    }

    /// The record of a request; nil when there is none.
    package func decision(of request: RequestID) async throws -> StoredDecision? {
        if let waiting = state.withLock({ $0.waiting[request] }) { return stored(waiting, of: request) }
        return try await store.decision(of: request)
    }

    /// How many records have not been kept since the process began.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Writes what is handed over until the task is cancelled, and then what is still there.
    @concurrent package func run() async {
        for await _ in wakeups {
            await writeAll()
            guard (try? await sleep(Self.pause)) != nil, !Task.isCancelled else { break }
        }
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.writeAll() }.value
    }

    /// Writes what waits now.
    func writeAll() async {
        while case let batch = nextBatch(), !batch.isEmpty {
            do {
                try await store.put(batch.map { stored($0.waiting, of: $0.request) })
            } catch {
                state.withLock { $0.dropped += batch.count }
                logger.warning(
                    "decision records could not be kept",
                    metadata: ["count": "\(batch.count)", "error": "\(error)"]
                )
            }
            finish(batch)
        }
        let untold = state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
        if untold > 0 { logger.warning("decision records were not kept", metadata: ["count": "\(untold)"]) }
    }

    private func stored(_ waiting: Waiting, of request: RequestID) -> StoredDecision {
        StoredDecision(
            request: request,
            key: waiting.key,
            createdAt: waiting.createdAt,
            expiresAt: time.map { waiting.createdAt.advanced(by: $0) },
            json: waiting.document.json()
        )
    }

    private func nextBatch() -> [(request: RequestID, waiting: Waiting)] {
        state.withLock { state in
            let requests = state.order.prefix(Self.batchSize)
            state.order.removeFirst(requests.count)
            return requests.compactMap { request in state.waiting[request].map { (request, $0) } }
        }
    }

    /// Lets go of what has been written, unless there is a later record of the same request, which is then to be written.
    private func finish(_ batch: [(request: RequestID, waiting: Waiting)]) {
        state.withLock { state in
            for (request, written) in batch {
                guard let waiting = state.waiting[request] else { continue }
                guard waiting.turn == written.turn else {
                    state.order.append(request)
                    continue
                }
                state.waiting[request] = nil
                state.bytes -= written.document.size
            }
        }
    }
}
