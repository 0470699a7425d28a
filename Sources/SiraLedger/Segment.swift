import SiraCore
import SiraStorage

/// The form of the journal's files: a header, then frames.
///
/// Header: the eight bytes `SIRAJRN` and the version. Frame: length of the payload and CRC-32C of the payload, both
/// 32 bits, least significant byte first, then the payload, which is one record.
enum Segment {
    static let header: [UInt8] = Array("SIRAJRN".utf8) + [1]
    static let frameHeaderLength = 8
    /// No payload is longer: ten texts of 1 KB, 64 tags of 1 KB, and numbers.
    static let maximumPayload = 128 * 1_024

    /// Appends the record's frame.
    static func append(_ record: UsageRecord, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(fixed64: 0)
        RecordCodec.encode(record, into: &bytes)
        bytes.withUnsafeMutableBytes { bytes in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[(start + frameHeaderLength)...])
            let length = UInt32(payload.count).littleEndian
            bytes.storeBytes(of: length, toByteOffset: start, as: UInt32.self)
            let checksum = CRC32C.checksum(payload).littleEndian
            bytes.storeBytes(of: checksum, toByteOffset: start + 4, as: UInt32.self)
        }
    }

    /// The length of the frame that begins there, header included; nil when it is not all there or cannot be one.
    ///
    /// The checksum is not looked at.
    static func frameLength(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
        guard bytes.count - offset >= frameHeaderLength else { return nil }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        guard length > 0, length <= maximumPayload else { return nil }
        guard bytes.count - offset - frameHeaderLength >= length else { return nil }
        return frameHeaderLength + length
    }

    /// How many frames there are, by their lengths alone.
    static func frameCount(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var offset = header.count
        while let length = frameLength(in: bytes, at: offset) {
            offset += length
            count += 1
        }
        return count
    }

    /// The payload of the frame that begins there, if it is whole and its checksum is right.
    static func payload(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer? {
        guard let length = frameLength(in: bytes, at: offset) else { return nil }
        let payload = UnsafeRawBufferPointer(rebasing: bytes[(offset + frameHeaderLength)..<(offset + length)])
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        return CRC32C.checksum(payload) == checksum ? payload : nil
    }
}
