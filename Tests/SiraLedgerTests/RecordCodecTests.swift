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
            record.usage.inputImage = extreme
            record.usage.searchUnits = extreme
            record.cost = NanoUSD(nanos: Int64(extreme))
            record.charge = NanoUSD(nanos: Int64(extreme))
            record.cacheSavings = NanoUSD(nanos: Int64(extreme))
            record.routingSavings = NanoUSD(nanos: Int64(extreme))
            record.queueTime = Int64(extreme)
            record.priority = UInt8(truncatingIfNeeded: extreme)
            #expect(decode(encode(record)) == record)
        }
    }

    @Test func `a correction stays one, and what is not charged is not charged nothing`() {
        for record in Bench.records(20).map(\.takenBack) { #expect(decode(encode(record)) == record) }
        var record = Bench.records(1)[0]
        for charge in [nil, NanoUSD.zero] {
            record.charge = charge
            #expect(decode(encode(record))?.charge == charge)
        }
    }

    @Test func `the name of an end user is cut at a whole character`() {
        var record = Bench.records(1)[0]
        record.user = String(repeating: "模", count: 100)
        #expect(decode(encode(record))?.user == String(repeating: "模", count: 85))
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
                for _ in 0..<Int.random(in: 1...5, using: &random) {
                    changed[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                }
                if let other = decode(changed) { #expect(decode(encode(other)).map(encode) == encode(other)) }
            }
        }
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...200, using: &random)
            _ = decode(
                [.random(in: 1...4, using: &random), 15]
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
        (record.organization, record.team, record.project, record.user) = (long, long, long, long)
        #expect(encode(record).count < Segment.maximumPayload)
    }

    @Test func `other versions are not guessed at`() {
        var bytes = encode(Bench.records(1)[0])
        for version: UInt8 in [0, 8, 255] {
            bytes[0] = version
            #expect(decode(bytes) == nil)
        }
    }

    /// The counts that came with version 3.
    private static let later: [any WritableKeyPath<Usage, Int> & Sendable] = [
        \.inputImage, \.toolPrompt, \.outputImage, \.images, \.inputAudioTime, \.outputAudioTime, \.characters,
        \.searchUnits,
    ]

    /// A record as a version before 5 wrote it: without what came later, and without a cost, so that the basis is last.
    private func old(_ record: UsageRecord) -> (record: UsageRecord, bytes: [UInt8]) {
        var record = record
        (record.organization, record.team, record.project, record.user) = ("", "", "", "")
        (record.cost, record.charge, record.cacheSavings, record.routingSavings) = (nil, nil, .zero, .zero)
        (record.queueTime, record.priority, record.promptDigest) = (0, 2, 0)
        record.attemptStart = nil
        var bytes = encode(record)
        // Four empty texts, three noughts and the priority; the digest; no beginning of the attempt.
        bytes.removeLast(8 + 8 + 1)
        bytes[0] = 4
        return (record, bytes)
    }

    @Test func `records of version 6 did not tell when the attempt began and still read`() {
        for var record in Bench.records(50) {
            record.attemptStart = nil
            var bytes = Array(encode(record).dropLast())
            bytes[0] = 6
            #expect(decode(bytes) == record)
        }
    }

    @Test func `records of version 5 had no digest of the prompt and still read`() {
        for var record in Bench.records(50) {
            (record.promptDigest, record.attemptStart) = (0, nil)
            var bytes = Array(encode(record).dropLast(8 + 1))
            bytes[0] = 5
            #expect(decode(bytes) == record)
        }
    }

    @Test func `records of version 4 told nothing of tenants and still read`() {
        for record in Bench.records(50) {
            let (record, bytes) = old(record)
            #expect(decode(bytes) == record)
            var changed = bytes
            changed[1] |= 64  // a flag that the version does not have
            #expect(decode(changed) == nil)
        }
    }

    @Test func `records of version 3 told nothing of cached audio and still read`() {
        for var record in Bench.records(50) {
            record.usage.cacheReadAudio = nil
            var bytes: [UInt8]
            (record, bytes) = old(record)
            bytes.remove(at: bytes.count - 2)
            bytes[0] = 3
            #expect(decode(bytes) == record)
        }
    }

    @Test func `cached audio that is told as none is not the same as none that is told`() {
        var record = Bench.records(1)[0]
        for count in [nil, 0, 17, Int.max, Int.min] {
            record.usage.cacheReadAudio = count
            #expect(decode(encode(record))?.usage.cacheReadAudio == .some(count))
        }
    }

    @Test func `records of version 2 had fewer counts and still read`() {
        for var record in Bench.records(50) {
            record.usage.cacheReadAudio = nil
            for count in Self.later { record.usage[keyPath: count] = 0 }
            var bytes: [UInt8]
            (record, bytes) = old(record)
            // One byte each here, before that of the basis, which is the last.
            bytes.removeSubrange((bytes.count - 10)..<(bytes.count - 1))
            bytes[0] = 2
            #expect(decode(bytes) == record)
        }
    }

    @Test func `records of version 1 had no web searches either and still read`() {
        for var record in Bench.records(50) {
            record.usage.cacheReadAudio = nil
            record.usage.webSearches = 0
            for count in Self.later { record.usage[keyPath: count] = 0 }
            var bytes: [UInt8]
            (record, bytes) = old(record)
            bytes.removeSubrange((bytes.count - 11)..<(bytes.count - 1))
            bytes[0] = 1
            #expect(decode(bytes) == record)
        }
    }

    @Test func `bytes that version 2 wrote are read as what they were`() {
        let bytes: [UInt8] =
            [2, 15] + (1...16).map { UInt8($0) }  // a final stream with a first token and a cost; the id
            + [2, 0x80, 0x80, 1, 20, 10, 14]  // first attempt, at 8,192 µs, 10 µs long, first token at 5 µs, 7 µs away
            + [3] + Array("key".utf8) + [1, 1] + Array("t".utf8) + [4] + Array("chat".utf8)
            + [1] + Array("r".utf8) + [1] + Array("p".utf8) + [1] + Array("m".utf8)
            + [Outcome.ok.rawValue, 0x90, 3, 0]  // status 200, no error
            + [20, 2, 4, 6, 8, 40, 10, 12, 14]  // usage
            + [UsageBasis.provider.rawValue, 22]
        var expected = UsageRecord(
            request: RequestID(high: 0x0807_0605_0403_0201, low: 0x100F_0E0D_0C0B_0A09),
            startedAt: Timestamp(microseconds: 8_192)
        )
        (expected.isStream, expected.duration, expected.timeToFirstToken, expected.upstreamTime) = (true, 10, 5, 7)
        (expected.key, expected.tags, expected.operation) = ("key", ["t"], "chat")
        (expected.requestedModel, expected.provider, expected.model) = ("r", "p", "m")
        expected.usage = Usage(input: 10, output: 20)
        (expected.usage.cacheRead, expected.usage.cacheWrite, expected.usage.cacheWriteLong) = (1, 2, 3)
        (expected.usage.inputAudio, expected.usage.reasoning, expected.usage.outputAudio) = (4, 5, 6)
        expected.usage.webSearches = 7
        (expected.usageBasis, expected.cost) = (.provider, NanoUSD(nanos: 11))
        #expect(decode(bytes) == expected)
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
