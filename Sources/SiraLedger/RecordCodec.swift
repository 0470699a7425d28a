import SiraCore
import SiraStorage

/// A usage record as bytes, as the journal keeps it.
///
/// A version byte, a byte of flags, then the fields in the order of ``UsageRecord``: numbers as variable-length
/// integers, texts as UTF-8 after their length. Fields are never added to a version; a change makes a new one, and
/// old ones stay readable, because segments outlive upgrades.
enum RecordCodec {
    /// The version that is written.
    ///
    /// Version 1 had no count of web searches, version 2 none of what follows them in ``Usage``, nor of pictures'
    /// tokens and those of the provider's tools, version 3 none of cached audio, version 4 nothing of tenants, end
    /// users, charges, savings, the queue, priorities and corrections, version 5 no digest of the prompt, version 6
    /// not when the attempt began.
    static let version: UInt8 = 7

    /// Whether a payload that begins with this byte may be one that ``decode(_:)`` reads.
    static func isVersion(_ byte: UInt8) -> Bool { (1...version).contains(byte) }

    /// Texts are cut to so many bytes: model names come from clients, and a record must stay within a frame.
    static let textLimit = 1_024
    /// Tags beyond so many are left out.
    static let tagLimit = 64

    private enum Flag {
        static let isFinal: UInt8 = 1
        static let isStream: UInt8 = 2
        static let hasTimeToFirstToken: UInt8 = 4
        static let hasCost: UInt8 = 8
        static let hasUnlistedModel: UInt8 = 16
        static let hasCharge: UInt8 = 32
        static let isCorrection: UInt8 = 64

        /// Those that a version may set.
        static func all(_ version: UInt8) -> UInt8 { version < 5 ? 31 : 127 }
    }

    /// Appends the record.
    static func encode(_ record: UsageRecord, into bytes: inout [UInt8]) {
        bytes.append(version)
        var flags: UInt8 = record.isFinal ? Flag.isFinal : 0
        if record.isStream { flags |= Flag.isStream }
        if record.timeToFirstToken != nil { flags |= Flag.hasTimeToFirstToken }
        if record.cost != nil { flags |= Flag.hasCost }
        if !record.isModelListed { flags |= Flag.hasUnlistedModel }
        if record.charge != nil { flags |= Flag.hasCharge }
        if record.isCorrection { flags |= Flag.isCorrection }
        bytes.append(flags)
        bytes.append(fixed64: record.request.high)
        bytes.append(fixed64: record.request.low)
        bytes.append(zigzag: Int64(record.attempt))
        bytes.append(zigzag: record.startedAt.microseconds)
        bytes.append(zigzag: record.duration)
        if let time = record.timeToFirstToken { bytes.append(zigzag: time) }
        bytes.append(zigzag: record.upstreamTime)
        bytes.append(text: record.key, limit: textLimit)
        bytes.append(varint: UInt64(min(record.tags.count, tagLimit)))
        for tag in record.tags.prefix(tagLimit) { bytes.append(text: tag, limit: textLimit) }
        bytes.append(text: record.operation, limit: textLimit)
        bytes.append(text: record.requestedModel, limit: textLimit)
        bytes.append(text: record.provider, limit: textLimit)
        bytes.append(text: record.model, limit: textLimit)
        bytes.append(record.outcome.rawValue)
        bytes.append(zigzag: Int64(record.status))
        bytes.append(text: record.errorCode, limit: textLimit)
        encode(record.usage, into: &bytes)
        bytes.append(record.usageBasis.rawValue)
        if let cost = record.cost { bytes.append(zigzag: cost.nanos) }
        encodeTenancy(of: record, into: &bytes)
        bytes.append(fixed64: record.promptDigest)
        bytes.append(record.attemptStart == nil ? 0 : 1)
        if let start = record.attemptStart { bytes.append(zigzag: start) }
    }

    /// What came with version 5.
    private static func encodeTenancy(of record: UsageRecord, into bytes: inout [UInt8]) {
        bytes.append(text: record.organization, limit: textLimit)
        bytes.append(text: record.team, limit: textLimit)
        bytes.append(text: record.project, limit: textLimit)
        bytes.append(text: record.user, limit: UsageRecord.userLimit)
        if let charge = record.charge { bytes.append(zigzag: charge.nanos) }
        bytes.append(zigzag: record.cacheSavings.nanos)
        bytes.append(zigzag: record.routingSavings.nanos)
        bytes.append(zigzag: record.queueTime)
        bytes.append(record.priority)
    }

    private static func encode(_ usage: Usage, into bytes: inout [UInt8]) {
        bytes.append(zigzag: Int64(usage.input))
        bytes.append(zigzag: Int64(usage.cacheRead))
        bytes.append(zigzag: Int64(usage.cacheWrite))
        bytes.append(zigzag: Int64(usage.cacheWriteLong))
        bytes.append(zigzag: Int64(usage.inputAudio))
        bytes.append(zigzag: Int64(usage.output))
        bytes.append(zigzag: Int64(usage.reasoning))
        bytes.append(zigzag: Int64(usage.outputAudio))
        bytes.append(zigzag: Int64(usage.webSearches))
        for count in laterCounts { bytes.append(zigzag: Int64(usage[keyPath: count])) }
        bytes.append(usage.cacheReadAudio == nil ? 0 : 1)
        if let count = usage.cacheReadAudio { bytes.append(zigzag: Int64(count)) }
    }

    /// What came with version 3, in its order.
    private static let laterCounts: [any WritableKeyPath<Usage, Int> & Sendable] = [
        \.inputImage, \.toolPrompt, \.outputImage, \.images, \.inputAudioTime, \.outputAudioTime, \.characters,
        \.searchUnits,
    ]

    /// Reads what ``encode(_:into:)`` wrote; nil for anything else, whatever it is.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> UsageRecord? {
        var reader = ByteReader(bytes)
        guard let version = reader.byte(), (1...Self.version).contains(version) else { return nil }
        guard let flags = reader.byte(), flags & ~Flag.all(version) == 0 else { return nil }
        guard let high = reader.fixed64(), let low = reader.fixed64() else { return nil }
        guard let attempt = reader.zigzag(), let startedAt = reader.zigzag() else { return nil }
        var record = UsageRecord(
            request: RequestID(high: high, low: low),
            startedAt: Timestamp(microseconds: startedAt)
        )
        record.attempt = Int(attempt)
        record.isFinal = flags & Flag.isFinal != 0
        record.isStream = flags & Flag.isStream != 0
        record.isModelListed = flags & Flag.hasUnlistedModel == 0
        record.isCorrection = flags & Flag.isCorrection != 0
        guard decodeTimes(&reader, flags, into: &record), decodeNames(&reader, into: &record) else { return nil }
        guard decodeResult(&reader, version, flags, into: &record) else { return nil }
        guard version < 5 || decodeTenancy(&reader, flags, into: &record) else { return nil }
        if version > 5 {
            guard let digest = reader.fixed64() else { return nil }
            record.promptDigest = digest
        }
        guard version < 7 || decodeStart(&reader, into: &record) else { return nil }
        return reader.isAtEnd ? record : nil
    }

    private static func decodeStart(_ reader: inout ByteReader, into record: inout UsageRecord) -> Bool {
        guard let isTold = reader.byte(), isTold <= 1 else { return false }
        guard isTold == 1 else { return true }
        record.attemptStart = reader.zigzag()
        return record.attemptStart != nil
    }

    private static func decodeTenancy(
        _ reader: inout ByteReader,
        _ flags: UInt8,
        into record: inout UsageRecord
    ) -> Bool {
        guard let organization = reader.text(), let team = reader.text() else { return false }
        guard let project = reader.text(), let user = reader.text() else { return false }
        if flags & Flag.hasCharge != 0 {
            guard let charge = reader.zigzag() else { return false }
            record.charge = NanoUSD(nanos: charge)
        }
        guard let cacheSavings = reader.zigzag(), let routingSavings = reader.zigzag() else { return false }
        guard let queueTime = reader.zigzag(), let priority = reader.byte() else { return false }
        record.organization = organization
        record.team = team
        record.project = project
        record.user = user
        record.cacheSavings = NanoUSD(nanos: cacheSavings)
        record.routingSavings = NanoUSD(nanos: routingSavings)
        record.queueTime = queueTime
        record.priority = priority
        return true
    }

    private static func decodeTimes(_ reader: inout ByteReader, _ flags: UInt8, into record: inout UsageRecord) -> Bool
    {
        guard let duration = reader.zigzag() else { return false }
        record.duration = duration
        if flags & Flag.hasTimeToFirstToken != 0 {
            guard let time = reader.zigzag() else { return false }
            record.timeToFirstToken = time
        }
        guard let upstreamTime = reader.zigzag() else { return false }
        record.upstreamTime = upstreamTime
        return true
    }

    private static func decodeNames(_ reader: inout ByteReader, into record: inout UsageRecord) -> Bool {
        guard let key = reader.text() else { return false }
        guard let tagCount = reader.varint(), tagCount <= UInt64(tagLimit) else { return false }
        for _ in 0..<tagCount {
            guard let tag = reader.text() else { return false }
            record.tags.append(tag)
        }
        guard let operation = reader.text(), let requestedModel = reader.text() else { return false }
        guard let provider = reader.text(), let model = reader.text() else { return false }
        record.key = key
        record.operation = operation
        record.requestedModel = requestedModel
        record.provider = provider
        record.model = model
        return true
    }

    private static func decodeResult(
        _ reader: inout ByteReader,
        _ version: UInt8,
        _ flags: UInt8,
        into record: inout UsageRecord
    ) -> Bool {
        guard let outcome = reader.byte().flatMap(Outcome.init(rawValue:)) else { return false }
        guard let status = reader.zigzag(), let errorCode = reader.text() else { return false }
        guard let usage = decodeUsage(&reader, version) else { return false }
        guard let basis = reader.byte().flatMap(UsageBasis.init(rawValue:)) else { return false }
        if flags & Flag.hasCost != 0 {
            guard let cost = reader.zigzag() else { return false }
            record.cost = NanoUSD(nanos: cost)
        }
        record.outcome = outcome
        record.status = Int(status)
        record.errorCode = errorCode
        record.usage = usage
        record.usageBasis = basis
        return true
    }

    private static func decodeUsage(_ reader: inout ByteReader, _ version: UInt8) -> Usage? {
        var usage = Usage()
        guard let input = reader.zigzag(), let cacheRead = reader.zigzag() else { return nil }
        guard let cacheWrite = reader.zigzag(), let cacheWriteLong = reader.zigzag() else { return nil }
        guard let inputAudio = reader.zigzag(), let output = reader.zigzag() else { return nil }
        guard let reasoning = reader.zigzag(), let outputAudio = reader.zigzag() else { return nil }
        usage.input = Int(input)
        usage.cacheRead = Int(cacheRead)
        usage.cacheWrite = Int(cacheWrite)
        usage.cacheWriteLong = Int(cacheWriteLong)
        usage.inputAudio = Int(inputAudio)
        usage.output = Int(output)
        usage.reasoning = Int(reasoning)
        usage.outputAudio = Int(outputAudio)
        if version > 1 {
            guard let webSearches = reader.zigzag() else { return nil }
            usage.webSearches = Int(webSearches)
        }
        guard version > 2 else { return usage }
        for count in laterCounts {
            guard let value = reader.zigzag() else { return nil }
            usage[keyPath: count] = Int(value)
        }
        guard version > 3 else { return usage }
        guard let isTold = reader.byte(), isTold <= 1 else { return nil }
        guard isTold == 1 else { return usage }
        guard let cacheReadAudio = reader.zigzag() else { return nil }
        usage.cacheReadAudio = Int(cacheReadAudio)
        return usage
    }
}
