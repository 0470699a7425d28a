import Synchronization

/// Bytes of request bodies that are in memory, over all lanes.
///
/// What arrives in one piece with its head is not counted: it is no more than one read of the connection brings.
package final class BodyBudget: Sendable {
    private let held = Atomic<Int>(0)

    package init() {}

    /// Takes room for so many bytes more.
    ///
    /// - Returns: false when there is not so much below `limit`; then nothing is taken.
    func take(_ count: Int, limit: Int) -> Bool {
        let now = held.add(count, ordering: .relaxed).newValue
        guard now > limit else { return true }
        held.subtract(count, ordering: .relaxed)
        return false
    }

    func give(_ count: Int) {
        held.subtract(count, ordering: .relaxed)
    }
}

/// What one connection or stream has taken of the budget.
struct BodyHold {
    private let front: LaneFront
    private var count = 0

    init(_ front: LaneFront) {
        self.front = front
    }

    /// Takes what is missing to `bytes`.
    ///
    /// - Returns: false when there is no room.
    mutating func grow(to bytes: Int) -> Bool {
        guard bytes > count else { return true }
        guard front.takeRoom(bytes - count) else { return false }
        count = bytes
        return true
    }

    /// Gives back everything; to be called when the request has been answered or its connection is gone.
    mutating func release() {
        guard count > 0 else { return }
        front.giveRoom(count)
        count = 0
    }
}
