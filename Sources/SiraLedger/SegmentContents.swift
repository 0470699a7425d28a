import SiraStorage

/// What a segment's bytes hold.
struct SegmentContents {
    /// How a segment ends.
    enum End: Hashable {
        /// With its last record.
        case whole
        /// Within a record or the header that was being written when the process or the machine stopped, or the
        /// disk was full. So many bytes belong to it. Whoever waited for that record has had no answer.
        case torn(bytes: Int)
        /// From this offset on there is something that was not written so.
        case damaged(offset: Int)
    }

    /// The records before the end, in the order in which they were written.
    var records: [UsageRecord] = []
    var end = End.whole
    /// Frames that are in order and whose payload cannot be read: written by a newer version.
    var unreadable = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        let header = Segment.header
        guard bytes.count >= header.count else {
            end = header.starts(with: bytes) ? .torn(bytes: bytes.count) : .damaged(offset: 0)
            return
        }
        guard bytes.starts(with: header) else {
            end = .damaged(offset: 0)
            return
        }
        var offset = header.count
        while offset < bytes.count {
            guard let payload = Segment.payload(in: bytes, at: offset) else {
                end = Self.isTorn(bytes, from: offset) ? .torn(bytes: bytes.count - offset) : .damaged(offset: offset)
                return
            }
            if let record = RecordCodec.decode(payload) { records.append(record) } else { unreadable += 1 }
            offset += Segment.frameHeaderLength + payload.count
        }
    }

    /// Whether the rest is the beginning of one frame: its length asks for more than there is, and no other frame is
    /// found in it.
    ///
    /// A length that was damaged looks the same, but then whole frames follow.
    private static func isTorn(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Bool {
        let rest = bytes.count - offset
        guard rest > Segment.frameHeaderLength else { return true }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        guard length > 0, length <= Segment.maximumPayload else { return false }
        guard length > rest - Segment.frameHeaderLength else { return false }
        return !((offset + 1)..<bytes.count).contains { Segment.payload(in: bytes, at: $0) != nil }
    }
}

extension SegmentContents {
    /// Whether the file holds something that is neither a record nor a torn end.
    var isDamaged: Bool {
        if case .damaged = end { return true }
        return unreadable > 0
    }
}
