import SiraStorage
import SiraTesting
import Testing

@testable import SiraLedger

@Suite struct SegmentContentsTests {
    private func read(_ bytes: [UInt8]) -> SegmentContents { bytes.withUnsafeBytes { SegmentContents($0) } }

    @Test func `a segment cut anywhere gives exactly the records that were whole`() {
        let records = Bench.records(4)
        let ends = (0...4).map { segmentBytes(Array(records[..<$0])).count }
        let bytes = segmentBytes(records)
        for count in 0...bytes.count {
            let contents = read(Array(bytes[..<count]))
            let whole = ends.lastIndex { $0 <= count } ?? 0
            #expect(contents.records == Array(records[..<whole]))
            let rest = count < ends[0] ? count : count - ends[whole]
            #expect(contents.end == (rest == 0 && count > 0 ? .whole : .torn(bytes: rest)), "cut at \(count)")
            #expect(!contents.isDamaged)
        }
    }

    @Test func `any changed byte before the last record is called damage and costs no record before it`() {
        let records = Bench.records(3)
        let bytes = segmentBytes(records)
        let ends = (0...3).map { segmentBytes(Array(records[..<$0])).count }
        for index in 0..<ends[2] {
            for flip: UInt8 in [0x01, 0x80] {
                var changed = bytes
                changed[index] ^= flip
                let contents = read(changed)
                let before = ends.lastIndex { $0 <= index } ?? 0
                #expect(contents.records == Array(records[..<before]))
                #expect(contents.isDamaged, "changed at \(index)")
            }
        }
    }

    @Test func `a wrong last record that is all there is damage, not a torn end`() {
        var bytes = segmentBytes(Bench.records(2))
        bytes[bytes.count - 1] ^= 1
        #expect(read(bytes).isDamaged)
        #expect(read(bytes).records.count == 1)
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
        let contents = read(bytes)
        #expect(contents.records == records)
        #expect(contents.unreadable == 1 && contents.end == .whole && contents.isDamaged)
    }

    @Test func `noise is read without a trap`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = read(noise)
            #expect(read(Segment.header + noise).records.isEmpty)
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
