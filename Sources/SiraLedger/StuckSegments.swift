/// Segments whose files gave trouble, and when each is to be tried again.
///
/// Counted in rounds of shipping, so that it takes no clock: a segment waits for 1 round after its first failure, then
/// for 2, 4 and so on up to ``longestWait``, and is complained of as often.
struct StuckSegments {
    private struct Wait {
        var rounds: Int
        var until: Int
    }

    /// With four rounds a second, a quarter of a minute.
    static let longestWait = 64

    private var round = 0
    private var waits: [SegmentName: Wait] = [:]

    /// Begins a round; gives the segments that are not to be tried in it.
    mutating func begin() -> Set<SegmentName> {
        round += 1
        return Set(waits.filter { $0.value.until > round }.keys)
    }

    mutating func failed(_ name: SegmentName) {
        let rounds = min((waits[name]?.rounds ?? 0) * 2, Self.longestWait)
        waits[name] = Wait(rounds: max(1, rounds), until: round + max(1, rounds))
    }

    /// The segment is out of the journal.
    mutating func released(_ name: SegmentName) { waits[name] = nil }
}
