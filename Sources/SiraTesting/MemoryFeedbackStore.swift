package import SiraCore
package import SiraStorage
import Synchronization

/// Feedback in memory, without a limit.
package final class MemoryFeedbackStore: FeedbackStore {
    private struct Name: Hashable {
        var request: RequestID
        var key: String
    }

    private let state = Mutex<[Name: Feedback]>([:])

    package init() {}

    package func put(_ feedback: Feedback) async throws -> Feedback? {
        state.withLock { $0.updateValue(feedback, forKey: Name(request: feedback.request, key: feedback.key)) }
    }

    package func feedback(on request: RequestID) async throws -> [Feedback] {
        state.withLock { kept in
            kept.values.filter { $0.request == request }.sorted { ($0.createdAt, $0.key) < ($1.createdAt, $1.key) }
        }
    }

    package func deleteExpired(by time: Timestamp, limit: Int) async throws -> Int {
        state.withLock { kept in
            let expired = kept.filter { $0.value.expiresAt.map { $0 <= time } ?? false }
                .sorted { ($0.value.expiresAt ?? time) < ($1.value.expiresAt ?? time) }.prefix(limit)
            for (name, _) in expired { kept[name] = nil }
            return expired.count
        }
    }
}
