import NIOCore

/// Tells whether two requests are the same word for word, and nothing else of them.
///
/// SipHash under a key that the process draws when it starts: who has the ledger cannot try out guesses of what somebody
/// asked. Digests of different processes have nothing to do with each other.
enum PromptDigest {
    /// So many bytes of the beginning and of the end are looked at: a long prompt is not to cost more than a short one.
    private static let span = 2_048

    /// The digest of a body; 0 for none.
    static func of(_ body: ByteBuffer) -> UInt64 {
        guard body.readableBytes > 0 else { return 0 }
        var hasher = Hasher()
        body.withUnsafeReadableBytes { bytes in
            hasher.combine(bytes.count)
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.prefix(span)))
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(span).suffix(span)))
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
