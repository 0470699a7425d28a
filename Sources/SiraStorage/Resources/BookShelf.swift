import SiraCore
import SiraTenancy
import Synchronization

/// The tenants as they were when somebody last asked, read again once they have changed.
final class BookShelf: Sendable {
    private struct Copy {
        var token: ChangeToken
        var time: Timestamp
        var book: TenantBook
    }

    private let store: any ResourceStore
    private let clock: GatewayClock
    private let copy = Mutex<Copy?>(nil)

    /// After so long a book is made anew: rates may have begun to hold meanwhile.
    private static let age = Duration.seconds(60)

    init(_ store: any ResourceStore, clock: GatewayClock) {
        self.store = store
        self.clock = clock
    }

    func book() async throws -> TenantBook {
        // The token is read first: what changes in between is then read again the next time.
        let (token, now) = (try await store.changeToken(), clock.now())
        let known = copy.withLock { $0 }
        if let known, known.token == token, now < known.time.advanced(by: Self.age), now >= known.time {
            return known.book
        }
        let book = TenantBook(try await store.all(), at: now)
        copy.withLock { $0 = Copy(token: token, time: now, book: book) }
        return book
    }
}
