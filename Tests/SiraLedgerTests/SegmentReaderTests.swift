import SiraCore
import SiraStorage
import SiraTesting
import Testing

@testable import SiraLedger

@Suite struct SegmentReaderTests {
    @Test func `a segment cut anywhere gives exactly the records that were whole`() {
        let records = Bench.records(4)
        let ends = (0...4).map { segmentBytes(Array(records[..<$0])).count }
        let bytes = segmentBytes(records)
        for count in 0...bytes.count {
            let (found, reader) = readAll(Array(bytes[..<count]))
            let whole = ends.lastIndex { $0 <= count } ?? 0
            #expect(found == Array(records[..<whole]))
            let rest = count < ends[0] ? count : count - ends[whole]
            #expect(reader.tornBytes == rest, "cut at \(count)")
            #expect(!reader.isDamaged)
        }
    }

    @Test func `any changed byte before the last record is called damage and costs no other record`() {
        let records = Bench.records(4)
        let bytes = segmentBytes(records)
        let ends = (0...4).map { segmentBytes(Array(records[..<$0])).count }
        for index in 0..<ends[3] {
            for flip: UInt8 in [0x01, 0x80] {
                var changed = bytes
                changed[index] ^= flip
                let (found, reader) = readAll(changed)
                var expected = records
                if let hit = ends.lastIndex(where: { $0 <= index }) { expected.remove(at: hit) }
                #expect(found == expected, "changed at \(index)")
                #expect(reader.isDamaged && reader.unreadable == 1 && reader.tornBytes == 0)
            }
        }
    }

    @Test func `bytes that are missing or too many in the middle cost no record but those around them`() {
        let records = Bench.records(6)
        let bytes = segmentBytes(records)
        let place = segmentBytes(Array(records[..<2])).count + 30
        let cut = Array(bytes[..<place] + bytes[(place + 5)...])
        let others = Array(records[..<2]) + Array(records[3...])
        #expect(readAll(cut).records == others)
        let more = Array(bytes[..<place] + [0, 0, 0, 0, 7, 0, 0, 0, 1, 1] + bytes[place...])
        #expect(readAll(more).records == others)
    }

    @Test func `a wrong last record that is all there is damage, not a torn end`() {
        var bytes = segmentBytes(Bench.records(2))
        bytes[bytes.count - 1] ^= 1
        let (records, reader) = readAll(bytes)
        #expect(reader.isDamaged && reader.tornBytes == 0)
        #expect(records.count == 1)
    }

    @Test func `a model's name that holds a frame is not taken for one where its record is torn or damaged`() throws {
        var records = Bench.records(2)
        records[0].requestedModel = try #require(Self.forgedFrame())
        var bytes = segmentBytes(records)
        #expect(readAll(bytes).records.last == records[1])
        bytes[Segment.header.count + 9] ^= 1
        #expect(readAll(bytes).records == [records[1]])
        #expect(readAll(Array(segmentBytes([records[0]]).dropLast(3))).records.isEmpty)
    }

    /// A frame with somebody else's record whose every byte is ASCII, as a client might write it into a name.
    private static func forgedFrame() -> String? {
        var record = UsageRecord(
            request: RequestID(high: 0x4141_4141_4141_4141, low: 0x4141_4141_4141_4141),
            startedAt: Timestamp(microseconds: 5)
        )
        record.key = "key_b"
        for duration: Int64 in 0..<60 {
            for attempt in 0..<60 {
                (record.duration, record.attempt, record.status) = (duration, attempt, 60)
                var frame: [UInt8] = []
                Segment.append(record, to: &frame)
                if frame.allSatisfy({ $0 < 0x80 }) { return String(decoding: frame, as: UTF8.self) }
            }
        }
        return nil
    }

    @Test func `the search for frames ends where lengths are made to be dear`() {
        // At each second offset a frame of 64 KiB could begin, whose checksum is wrong.
        let bytes = Segment.header + (0..<200_000).map { [UInt8(1), 1, 1, 0][$0 % 4] }
        let (records, reader) = readAll(bytes)
        #expect(records.isEmpty && reader.unreadable == 1 && reader.unreadableBytes == 200_000)
    }

    @Test func `a whole frame with a payload from another version is passed over and reported`() {
        let records = Bench.records(2)
        var bytes = segmentBytes([records[0]])
        let payload: [UInt8] = [9, 9, 9]
        bytes += [3, 0, 0, 0]
        payload.withUnsafeBytes { payload in
            withUnsafeBytes(of: CRC32C.checksum(payload).littleEndian) { bytes += $0 }
        }
        bytes += payload
        Segment.append(records[1], to: &bytes)
        let (found, reader) = readAll(bytes)
        #expect(found == records)
        #expect(reader.unreadable == 1 && reader.unreadableBytes == 11 && reader.tornBytes == 0)
    }

    @Test func `noise is read without a trap`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(readAll(noise).records.isEmpty)
            #expect(readAll(Segment.header + noise).records.isEmpty)
        }
    }

    @Test func `names of segments sort by time and others are no segments`() throws {
        let old = try #require(SegmentName("9-1000-3.seg"))
        let new = try #require(SegmentName("1-1001-1.seg"))
        #expect(old < new)
        #expect(old.description == "9-1000-3.seg")
        for text in ["", ".seg", "1-2.seg", "1-2-3", "a-2-3.seg", "1-2-3-4.seg", "damaged"] {
            #expect(SegmentName(text) == nil)
        }
    }
}
