import SiraCore
import SiraStorage
import SiraTesting
import Testing

@testable import SiraLedger

@Suite struct RecordCodecTests {
    private func encode(_ record: UsageRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        RecordCodec.encode(record, into: &bytes)
        return bytes
    }

    private func decode(_ bytes: [UInt8]) -> UsageRecord? { bytes.withUnsafeBytes { RecordCodec.decode($0) } }

    @Test func `every record reads back as it was`() {
        for record in Bench.records(1_000) { #expect(decode(encode(record)) == record) }
    }

    @Test func `the ends of every range read back`() {
        for extreme in [Int.min, -1, 0, 1, Int.max] {
            var record = UsageRecord(
                request: RequestID(high: .max, low: .max),
                startedAt: Timestamp(microseconds: Int64(extreme))
            )
            record.attempt = extreme
            record.duration = Int64(extreme)
            record.timeToFirstToken = Int64(extreme)
            record.status = extreme
            record.usage.input = extreme
            record.usage.outputAudio = extreme
            record.usage.webSearches = extreme
            record.cost = NanoUSD(nanos: Int64(extreme))
            #expect(decode(encode(record)) == record)
        }
    }

    @Test func `a model that is not listed stays one`() {
        var record = Bench.records(1)[0]
        record.isModelListed = false
        #expect(decode(encode(record)) == record)
        #expect(decode(encode(record))?.isModelListed == false)
    }

    @Test func `whatever is cut off, added or changed ends in nil or a record, never in a trap`() {
        var random = SeededRandom(seed: 3)
        for record in Bench.records(40, seed: 4) {
            let bytes = encode(record)
            for count in bytes.indices { #expect(decode(Array(bytes[..<count])) == nil) }
            #expect(decode(bytes + [0]) == nil)
            for _ in 0..<300 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    changed[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                }
                if let other = decode(changed) { #expect(decode(encode(other)).map(encode) == encode(other)) }
            }
        }
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...200, using: &random)
            _ = decode(
                [.random(in: 1...2, using: &random), 15]
                    + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            )
        }
    }

    @Test func `long texts are cut at a whole character and many tags to some`() throws {
        var record = Bench.records(1)[0]
        record.requestedModel = "x" + String(repeating: "模", count: 1_000)
        record.tags = (0..<100).map(String.init)
        let read = try #require(decode(encode(record)))
        #expect(read.requestedModel == "x" + String(repeating: "模", count: 341))
        #expect(read.tags == (0..<64).map(String.init))
    }

    @Test func `the largest record fits into a frame`() {
        var record = Bench.records(1)[0]
        let long = String(repeating: "y", count: 5_000)
        record.tags = [String](repeating: long, count: 100)
        (record.key, record.operation, record.requestedModel) = (long, long, long)
        (record.provider, record.model, record.errorCode) = (long, long, long)
        #expect(encode(record).count < Segment.maximumPayload)
    }

    @Test func `other versions are not guessed at`() {
        var bytes = encode(Bench.records(1)[0])
        for version: UInt8 in [0, 3, 255] {
            bytes[0] = version
            #expect(decode(bytes) == nil)
        }
    }

    @Test func `records of version 1 had no web searches and still read`() {
        for var record in Bench.records(50) {
            record.cost = nil
            record.usage.webSearches = 0
            var bytes = encode(record)
            // The count is one byte here, before that of the basis, which is the last.
            bytes.remove(at: bytes.count - 2)
            bytes[0] = 1
            #expect(decode(bytes) == record)
        }
    }

    @Test func `checksums agree with the published examples`() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.checksum($0) } }
        // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(checksum([UInt8](0..<32)) == 0x46DD_794E)
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
    }
}
