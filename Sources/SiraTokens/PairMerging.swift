/// Merges the bytes of a piece into tokens: again and again the two neighbours that make the token of the lowest rank,
/// the first of these where there are several.
///
/// As tiktoken's `byte_pair_merge` does, in O(n log n): neighbours that can be merged wait in a heap. Its memory, 36
/// bytes at most for each byte of the longest piece, is kept from piece to piece.
struct PairMerging: ~Copyable {
    /// A token, at the index of its first byte.
    private struct Node {
        /// Where the next one begins.
        var next: Int32
        /// Where the one before begins.
        var before: Int32
        /// The rank of what it makes together with the next; `none` where that is no token.
        var pair: UInt32
    }

    private var nodes = UnsafeMutableBufferPointer<Node>.allocate(capacity: 0)
    /// Ranks of pairs in the upper half, where they begin in the lower, as a binary heap with the least on top.
    ///
    /// Entries whose rank is not the pair's any more are passed over.
    private var heap = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 0)
    private var heapCount = 0
    private var lookups = 0

    private static let none = UInt32.max

    init() {}

    deinit {
        nodes.deallocate()
        heap.deallocate()
    }

    /// Merges the bytes of a piece that is no token by itself.
    ///
    /// - Returns: how many tokens it is, and how many pairs were looked up: what it has cost, apart from the heap's
    ///   logarithm.
    mutating func merge(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ table: RankTable
    ) -> (tokens: Int, lookups: Int) {
        begin(piece, table)
        var count = piece.count
        while let (rank, at) = popLeast() {
            guard nodes[at].pair == rank else { continue }
            let taken = Int(nodes[at].next)
            let after = nodes[taken].next
            nodes[at].next = after
            nodes[taken].pair = Self.none
            if after < piece.count { nodes[Int(after)].before = Int32(at) }
            count -= 1
            lookUp(at, piece, table)
            if at > 0 { lookUp(Int(nodes[at].before), piece, table) }
        }
        return (count, lookups)
    }

    /// Calls `body` with each token of the piece that was merged last.
    func forEach(in piece: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var at = 0
        while at < piece.count {
            let next = Int(nodes[at].next)
            body(UnsafeBufferPointer(rebasing: piece[at..<next]))
            at = next
        }
    }

    private mutating func begin(_ piece: UnsafeBufferPointer<UInt8>, _ table: RankTable) {
        if nodes.count < piece.count {
            nodes.deallocate()
            heap.deallocate()
            let room = max(64, piece.count)
            nodes = .allocate(capacity: room)
            // Each of the n bytes is pushed once, and each of up to n - 1 merges pushes two.
            heap = .allocate(capacity: 3 * room)
        }
        (heapCount, lookups) = (0, 0)
        for index in piece.indices {
            nodes.initializeElement(
                at: index,
                to: Node(next: Int32(index + 1), before: Int32(index) - 1, pair: Self.none)
            )
        }
        for index in piece.indices { lookUp(index, piece, table) }
    }

    /// Looks up what a token makes together with the next one.
    private mutating func lookUp(_ at: Int, _ piece: UnsafeBufferPointer<UInt8>, _ table: RankTable) {
        nodes[at].pair = Self.none
        let middle = Int(nodes[at].next)
        guard middle < piece.count else { return }
        lookups += 1
        let end = Int(nodes[middle].next)
        guard let rank = table.rank(of: UnsafeBufferPointer(rebasing: piece[at..<end])) else { return }
        nodes[at].pair = rank
        push(UInt64(rank) << 32 | UInt64(at))
    }

    // MARK: the heap

    private mutating func push(_ entry: UInt64) {
        var hole = heapCount
        heapCount += 1
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard heap[parent] > entry else { break }
            heap.initializeElement(at: hole, to: heap[parent])
            hole = parent
        }
        heap.initializeElement(at: hole, to: entry)
    }

    private mutating func popLeast() -> (rank: UInt32, at: Int)? {
        guard heapCount > 0 else { return nil }
        let least = heap[0]
        heapCount -= 1
        let entry = heap[heapCount]
        var hole = 0
        while true {
            var child = 2 * hole + 1
            if child + 1 < heapCount, heap[child + 1] < heap[child] { child += 1 }
            guard child < heapCount, heap[child] < entry else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = entry
        return (UInt32(truncatingIfNeeded: least >> 32), Int(UInt32(truncatingIfNeeded: least)))
    }
}
