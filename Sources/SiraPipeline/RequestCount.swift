import Synchronization

/// Requests that are being answered, over all lanes.
///
/// A limit for each lane would be another one: connections do not spread over the lanes evenly, and all requests of an
/// HTTP/2 connection are on one.
package final class RequestCount: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package var value: Int { count.load(ordering: .relaxed) }

    func add(_ change: Int) {
        count.add(change, ordering: .relaxed)
    }
}
