import Crypto
package import SiraCore
package import SiraStorage

/// Ties transfers to one another by SHA-256, so that none can be changed, left out or put in without all later hashes
/// being wrong.
package enum TransferChain {
    /// The transfer at the place behind `head`.
    @Sendable package static func link(_ transfer: Transfer, behind head: ChainHead) -> ChainedTransfer {
        let sequence = head.sequence + 1
        var sha = SHA256()
        sha.update(data: head.hash.bytes)
        sha.update(data: canonicalBytes(of: transfer, at: sequence))
        return ChainedTransfer(
            transfer: transfer,
            sequence: sequence,
            previous: head.hash,
            // A SHA-256 digest always has the 32 bytes.
            hash: ChainHash(bytes: sha.finalize()) ?? .zero
        )
    }

    /// The bytes that are hashed: each number in 8 bytes, big-endian, and each text as its length and its UTF-8.
    ///
    /// Two transfers that differ in anything have different bytes, since every part says how long it is.
    package static func canonicalBytes(of transfer: Transfer, at sequence: Int64) -> [UInt8] {
        var bytes = Array("sira.transfer.1".utf8)
        func put(_ number: Int64) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        func put(_ text: String) {
            put(Int64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        put(sequence)
        put(transfer.id)
        put(transfer.key)
        put(transfer.at.microseconds)
        put(transfer.kind.rawValue)
        put(transfer.memo)
        put(transfer.reference)
        put(Int64(transfer.postings.count))
        for posting in transfer.postings {
            put(posting.account)
            put(posting.amount.nanos)
        }
        return bytes
    }

    /// What is wrong with books.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The transfer at this place does not follow on the one before: one was left out, put in or moved.
        case broken(sequence: Int64)
        /// The transfer at this place was changed.
        case altered(sequence: Int64)
        /// The transfer at this place does not come to zero, or is no proper one for another reason.
        case improper(sequence: Int64, BillingError)
        /// The balance that the store tells is not the sum of the postings.
        case balance(account: String, told: NanoUSD, summed: NanoUSD)
        /// The books end before the head that the store tells: the last transfers were left out.
        case cut(last: Int64, head: Int64)

        package var description: String {
            switch self {
            case .broken(let sequence): "transfer \(sequence) does not follow on the one before"
            case .altered(let sequence): "transfer \(sequence) was changed after it was made"
            case .improper(let sequence, let error): "transfer \(sequence): \(error)"
            case .balance(let account, let told, let summed):
                "'\(account)' is said to hold \(told) USD, and its postings come to \(summed)"
            case .cut(let last, let head): "transfers \(last + 1) to \(head) are missing"
            }
        }
    }

    /// Makes sure that the transfers follow on one another, beginning behind `head`; gives where they end.
    ///
    /// - Throws: ``Fault`` for the first that does not.
    package static func verify(
        _ transfers: some Sequence<ChainedTransfer>,
        behind head: ChainHead
    ) throws(Fault) -> ChainHead {
        var head = head
        for chained in transfers {
            guard chained.sequence == head.sequence + 1, chained.previous == head.hash else {
                throw .broken(sequence: chained.sequence)
            }
            guard link(chained.transfer, behind: head) == chained else { throw .altered(sequence: chained.sequence) }
            do { try chained.transfer.check() } catch { throw .improper(sequence: chained.sequence, error) }
            head = ChainHead(chained)
        }
        return head
    }
}
