package import Logging
package import SiraStorage
import Synchronization

/// Keeps answers without anyone's waiting for the disk.
///
/// Who has an answer to keep hands it over and goes on; it is written soon after, and can be read from the moment it was
/// handed over. So what was handed over just before a crash may be lost, unlike the ledger's lines: a client may have
/// seen the end of an answer that nobody can go on from.
package final class ResponseArchive: Sendable {
    private struct Name: Hashable {
        var key: String
        var id: String
    }

    private struct State {
        /// What is still to be written, and what is being written.
        var waiting: [Name: StoredResponse] = [:]
        var order: [Name] = []
        var bytes = 0
        var dropped = 0
    }

    private let store: any ResponseStore
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// How many bytes may wait to be written; beyond that answers are not kept.
    static let waitingLimit = 64_000_000

    package init(store: any ResponseStore, logger: Logger) {
        self.store = store
        self.logger = logger
        (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes an answer to be kept.
    ///
    /// - Returns: false when so many wait already that there is no room for it.
    @discardableResult
    package func keep(_ response: StoredResponse) -> Bool {
        let name = Name(key: response.key, id: response.id)
        let (isTaken, isFirstDropped) = state.withLock { state in
            guard state.bytes + response.size <= Self.waitingLimit else {
                state.dropped += 1
                return (false, state.dropped == 1)
            }
            if let earlier = state.waiting.updateValue(response, forKey: name) {
                state.bytes -= earlier.size
            } else {
                state.order.append(name)
            }
            state.bytes += response.size
            return (true, false)
        }
        if isTaken { wake.yield() }
        if isFirstDropped {
            logger.warning("answers come faster than they can be written; some are not kept and cannot be gone on from")
        }
        return isTaken
    }

    /// The key's answer of that id; nil when there is none, or when it is another key's.
    package func response(_ id: String, of key: String) async throws -> StoredResponse? {
        if let waiting = state.withLock({ $0.waiting[Name(key: key, id: id)] }) { return waiting }
        return try await store.response(id, of: key)
    }

    /// Deletes the key's answer of that id.
    ///
    /// - Returns: false when there is none.
    package func delete(_ id: String, of key: String) async throws -> Bool {
        let waiting = take(Name(key: key, id: id))
        let isStored = try await store.delete(id, of: key)
        return waiting != nil || isStored
    }

    /// Writes what is handed over until the task is cancelled, and then what is still there.
    @concurrent package func run() async {
        for await _ in wakeups {
            await writeAll()
            if Task.isCancelled { break }
        }
        // A task of its own, since the store does nothing for one that is cancelled.
        await Task { await self.writeAll() }.value
    }

    /// Writes what waits now.
    func writeAll() async {
        while let (name, response) = next() {
            do {
                try await store.put(response)
            } catch {
                logger.warning("an answer could not be kept", metadata: ["error": "\(error)"])
            }
            // Deleted while it was written: then what was written goes again.
            guard take(name, ifStill: response) == nil, !isWaiting(name) else { continue }
            _ = try? await store.delete(name.id, of: name.key)
        }
        let dropped = state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
        if dropped > 0 { logger.warning("answers were not kept", metadata: ["count": "\(dropped)"]) }
    }

    private func next() -> (Name, StoredResponse)? {
        state.withLock { state in
            while let name = state.order.first {
                if let response = state.waiting[name] { return (name, response) }
                state.order.removeFirst()
            }
            return nil
        }
    }

    private func isWaiting(_ name: Name) -> Bool { state.withLock { $0.waiting[name] != nil } }

    /// Takes an answer out of those that wait.
    ///
    /// - Parameter response: nil for whatever there is; otherwise this one alone.
    private func take(_ name: Name, ifStill response: StoredResponse? = nil) -> StoredResponse? {
        state.withLock { state in
            guard let waiting = state.waiting[name], response == nil || waiting == response else { return nil }
            state.waiting[name] = nil
            state.order.removeAll { $0 == name }
            state.bytes -= waiting.size
            return waiting
        }
    }
}
