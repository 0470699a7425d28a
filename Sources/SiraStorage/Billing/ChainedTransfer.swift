/// A transfer at its place in the books, tied to all that come before it.
package struct ChainedTransfer: Hashable, Sendable {
    package var transfer: Transfer
    /// 1 for the first, and without gaps.
    package var sequence: Int64
    /// The hash of the transfer before; ``ChainHash/zero`` for the first.
    package var previous: ChainHash
    /// SHA-256 over the place, the hash before and all that the transfer says.
    package var hash: ChainHash

    package init(transfer: Transfer, sequence: Int64, previous: ChainHash, hash: ChainHash) {
        self.transfer = transfer
        self.sequence = sequence
        self.previous = previous
        self.hash = hash
    }
}

/// Where the books end: how many transfers there are, and the hash of the last.
package struct ChainHead: Hashable, Sendable {
    package var sequence: Int64
    package var hash: ChainHash

    package init(sequence: Int64, hash: ChainHash) {
        self.sequence = sequence
        self.hash = hash
    }

    package init(_ last: ChainedTransfer) {
        sequence = last.sequence
        hash = last.hash
    }

    /// The head of books without a transfer.
    package static let start = ChainHead(sequence: 0, hash: .zero)
}
