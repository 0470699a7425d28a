import Foundation
import GRDB
import SiraCore
import SiraStorage

extension UsageRecord {
    private static let columns = [
        "request", "attempt", "is_final", "started_at", "duration", "time_to_first_token", "upstream_time", "key",
        "tags", "operation", "is_stream", "requested_model", "provider", "model", "outcome", "status", "error_code",
        "input", "cache_read", "cache_write", "cache_write_long", "input_audio", "output", "reasoning",
        "output_audio", "web_searches", "input_image", "tool_prompt", "output_image", "images", "input_audio_time",
        "output_audio_time", "characters", "search_units", "cache_read_audio", "usage_basis", "cost",
        "organization", "team", "project", "user", "charge", "cache_savings", "routing_savings", "queue_time",
        "priority", "is_correction", "is_model_listed", "is_user_listed", "prompt_digest",
        "attempt_start",
    ]

    /// Inserts a record, or does nothing when it is there.
    ///
    /// Only the conflict of keys is passed over: `INSERT OR IGNORE` would swallow every other fault too.
    static let insertion = """
        INSERT INTO requests (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (request, attempt) DO NOTHING
        """

    /// Binds the values of ``columns``.
    func bind(to row: inout RowBinder) throws {
        try row.bind(request.blob)
        try row.bind(attempt)
        try row.bind(isFinal)
        try row.bind(startedAt.microseconds)
        try row.bind(duration)
        try row.bind(timeToFirstToken)
        try row.bind(upstreamTime)
        try row.bind(key)
        try row.bind(TextList.json(tags))
        try row.bind(operation)
        try row.bind(isStream)
        try row.bind(requestedModel)
        try row.bind(provider)
        try row.bind(model)
        try row.bind(Int64(outcome.rawValue))
        try row.bind(status)
        try row.bind(errorCode)
        try bind(usage, to: &row)
        try row.bind(Int64(usageBasis.rawValue))
        try row.bind(cost?.nanos)
        try row.bind(organization)
        try row.bind(team)
        try row.bind(project)
        try row.bind(user)
        try row.bind(charge?.nanos)
        try row.bind(cacheSavings.nanos)
        try row.bind(routingSavings.nanos)
        try row.bind(queueTime)
        try row.bind(Int64(priority))
        try row.bind(isCorrection)
        try row.bind(isModelListed)
        try row.bind(isUserListed)
        try row.bind(Int64(bitPattern: promptDigest))
        try row.bind(attemptStart)
    }

    private func bind(_ usage: Usage, to row: inout RowBinder) throws {
        try row.bind(usage.input)
        try row.bind(usage.cacheRead)
        try row.bind(usage.cacheWrite)
        try row.bind(usage.cacheWriteLong)
        try row.bind(usage.inputAudio)
        try row.bind(usage.output)
        try row.bind(usage.reasoning)
        try row.bind(usage.outputAudio)
        try row.bind(usage.webSearches)
        try row.bind(usage.inputImage)
        try row.bind(usage.toolPrompt)
        try row.bind(usage.outputImage)
        try row.bind(usage.images)
        try row.bind(usage.inputAudioTime)
        try row.bind(usage.outputAudioTime)
        try row.bind(usage.characters)
        try row.bind(usage.searchUnits)
        try row.bind(usage.cacheReadAudio.map(Int64.init))
    }

    /// Reads a row of the table `requests`.
    init(row: Row) throws {
        self.init(
            request: try RequestID(blob: row["request"]),
            startedAt: Timestamp(microseconds: row["started_at"])
        )
        attempt = row["attempt"]
        isFinal = row["is_final"]
        duration = row["duration"]
        timeToFirstToken = row["time_to_first_token"]
        upstreamTime = row["upstream_time"]
        key = row["key"]
        tags = try TextList.texts(row["tags"])
        operation = row["operation"]
        isStream = row["is_stream"]
        requestedModel = row["requested_model"]
        provider = row["provider"]
        model = row["model"]
        let (outcomeCode, basisCode): (UInt8, UInt8) = (row["outcome"], row["usage_basis"])
        guard let outcome = Outcome(rawValue: outcomeCode), let basis = UsageBasis(rawValue: basisCode) else {
            throw StoreError.unreadable("outcome \(outcomeCode), usage basis \(basisCode) of \(request)")
        }
        self.outcome = outcome
        usageBasis = basis
        status = row["status"]
        errorCode = row["error_code"]
        usage = Usage(row: row)
        let nanos: Int64? = row["cost"]
        cost = nanos.map(NanoUSD.init(nanos:))
        readTenancy(row)
    }

    private mutating func readTenancy(_ row: Row) {
        organization = row["organization"]
        team = row["team"]
        project = row["project"]
        user = row["user"]
        let chargeNanos: Int64? = row["charge"]
        charge = chargeNanos.map(NanoUSD.init(nanos:))
        cacheSavings = NanoUSD(nanos: row["cache_savings"])
        routingSavings = NanoUSD(nanos: row["routing_savings"])
        queueTime = row["queue_time"]
        priority = row["priority"]
        isCorrection = row["is_correction"]
        isModelListed = row["is_model_listed"]
        isUserListed = row["is_user_listed"]
        let digest: Int64 = row["prompt_digest"]
        promptDigest = UInt64(bitPattern: digest)
        attemptStart = row["attempt_start"]
    }
}

extension Usage {
    fileprivate init(row: Row) {
        self.init(input: row["input"], output: row["output"])
        cacheRead = row["cache_read"]
        cacheWrite = row["cache_write"]
        cacheWriteLong = row["cache_write_long"]
        inputAudio = row["input_audio"]
        inputImage = row["input_image"]
        toolPrompt = row["tool_prompt"]
        reasoning = row["reasoning"]
        outputAudio = row["output_audio"]
        outputImage = row["output_image"]
        webSearches = row["web_searches"]
        images = row["images"]
        inputAudioTime = row["input_audio_time"]
        outputAudioTime = row["output_audio_time"]
        characters = row["characters"]
        searchUnits = row["search_units"]
        cacheReadAudio = row["cache_read_audio"]
    }
}

extension RequestID {
    /// The id's 16 bytes, most significant first, so that blobs sort like ids.
    var blob: Data {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
    }

    init(blob: Data) throws {
        guard blob.count == 16 else { throw StoreError.unreadable("a request id of \(blob.count) bytes") }
        let (high, low) = blob.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }
}
