import Synchronization

/// Whether there is an account yet, known without asking the database.
///
/// Each request to a surface without a token asks; while the database is away it must neither wait nor be let in because
/// nobody can tell. There is no way back: who deletes the last account does not open the door with that.
final class FirstAccount: Sendable {
    private let known = Atomic(false)

    var isThere: Bool { known.load(ordering: .acquiring) }

    func found() { known.store(true, ordering: .releasing) }
}
