/// Goes round a list bit by bit, so that a look at all of a long one does not hold up everything else on its thread.
///
/// Short lists are looked at whole each time.
package struct Sweep: Sendable {
    private var position = 0

    /// So many entries at least are looked at in one go.
    private static let least = 64
    /// A long list has been gone round after so many goes.
    private static let rounds = 5

    package init() {}

    /// The entries of a list of `count` whose turn it is.
    package mutating func next(of count: Int) -> Range<Int> {
        if position >= count { position = 0 }
        let start = position
        position = min(count, start + max(Self.least, (count + Self.rounds - 1) / Self.rounds))
        return start..<position
    }
}
