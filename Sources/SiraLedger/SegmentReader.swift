import SiraStorage

/// Reads a segment's records a batch at a time, and passes over what was not written so.
///
/// The bytes are the same at each call. Decoded records take many times the room of their bytes, which is why not all
/// are read at once.
struct SegmentReader {
    /// Stretches of bytes that are no frame, and frames whose payload cannot be read: damage, or a newer version.
    private(set) var unreadable = 0
    /// Bytes in ``unreadable``.
    private(set) var unreadableBytes = 0
    /// Bytes of the record or header that was being written when the process or the machine stopped, or the disk was
    /// full.
    ///
    /// Whoever waited for that record has had no answer.
    private(set) var tornBytes = 0

    /// Where the next frame is expected; nil before the header was looked at.
    private var offset: Int?
    /// Bytes that may still be put through the checksum in search of frames.
    private var searchAllowance = 0

    /// Whether the file holds something that is neither a record nor a torn end.
    var isDamaged: Bool { unreadable > 0 }

    /// The next records in the order in which they were written, at most `limit`; none at the end.
    mutating func next(_ limit: Int, in bytes: UnsafeRawBufferPointer) -> [UsageRecord] {
        var records: [UsageRecord] = []
        var offset = self.offset ?? begin(bytes)
        while records.count < limit, offset < bytes.count {
            guard let payload = Segment.payload(in: bytes, at: offset) else {
                offset = passOver(bytes, from: offset)
                continue
            }
            let length = Segment.frameHeaderLength + payload.count
            if let record = RecordCodec.decode(payload) {
                records.append(record)
            } else {
                unreadable += 1
                unreadableBytes += length
            }
            offset += length
        }
        self.offset = offset
        return records
    }

    /// Looks at the header; gives the offset after it.
    private mutating func begin(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Where lengths are damaged in a way that makes long frames likely, each of many offsets would cost a long
        // checksum. A few times the file's own length is more than damage by accident ever takes.
        searchAllowance = 16 * bytes.count + (1 << 20)
        let header = Segment.header
        if bytes.count < header.count, header.starts(with: bytes) {
            tornBytes = bytes.count
            return bytes.count
        }
        return bytes.starts(with: header) ? header.count : passOver(bytes, from: 0)
    }

    // MARK: damage

    /// What begins at `offset` is no frame: gives the offset of the next one, or the end.
    private mutating func passOver(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
        let next = nextFrame(in: bytes, after: offset)
        if next == nil, Self.isCutOff(bytes, at: offset) {
            tornBytes = bytes.count - offset
            return bytes.count
        }
        unreadable += 1
        unreadableBytes += (next ?? bytes.count) - offset
        return next ?? bytes.count
    }

    /// Where the next whole frame begins; nil when none is found.
    ///
    /// A length cannot be trusted where a checksum is wrong, so every offset is tried. That a text inside a record looks
    /// like a frame is prevented by ``RecordCodec``, which writes no text with a zero byte, as each length has one.
    private mutating func nextFrame(in bytes: UnsafeRawBufferPointer, after offset: Int) -> Int? {
        for candidate in (offset + 1)..<max(offset + 1, bytes.count) {
            guard let length = Segment.frameLength(in: bytes, at: candidate) else { continue }
            guard RecordCodec.isVersion(bytes[candidate + Segment.frameHeaderLength]) else { continue }
            guard searchAllowance >= length else { return nil }
            searchAllowance -= length
            if Segment.payload(in: bytes, at: candidate) != nil { return candidate }
        }
        return nil
    }

    /// Whether what begins there may be the beginning of a frame: its length asks for more than there is.
    private static func isCutOff(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset >= Segment.header.count else { return false }
        let rest = bytes.count - offset
        guard rest > Segment.frameHeaderLength else { return true }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        return length > rest - Segment.frameHeaderLength && length <= Segment.maximumPayload
    }
}
