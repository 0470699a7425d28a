import SiraCore
package import SiraStorage

extension UsageRecord {
    /// Some record.
    ///
    /// Few keys and models and a time span of two days, so that many records share a roll-up.
    package static func random(using random: inout some RandomNumberGenerator) -> UsageRecord {
        let base: Int64 = 1_763_700_000_000_000
        let startedAt = Timestamp(microseconds: base + .random(in: 0..<172_800_000_000, using: &random))
        var record = UsageRecord(request: RequestID(at: startedAt, using: &random), startedAt: startedAt)
        record.attempt = .random(in: 0...3, using: &random)
        record.isFinal = .random(using: &random)
        record.duration = .random(in: 0..<100_000_000, using: &random)
        record.timeToFirstToken = Bool.random(using: &random) ? .random(in: 0..<1_000_000, using: &random) : nil
        record.attemptStart = Bool.random(using: &random) ? .random(in: 0..<1_000_000, using: &random) : nil
        record.upstreamTime = .random(in: 0..<90_000_000, using: &random)
        record.key = ["", "key_a", "key_b"].randomElement(using: &random) ?? ""
        record.tags = ["", "grün", "a\"b\\", "blau", "grün"].filter { _ in Bool.random(using: &random) }
        record.operation = ["chat", "messages"].randomElement(using: &random) ?? ""
        record.isStream = .random(using: &random)
        record.requestedModel = ["fast", "klug-模型", ""].randomElement(using: &random) ?? ""
        record.provider = record.attempt == 0 ? "" : ["here", "there"].randomElement(using: &random) ?? ""
        record.model = record.attempt == 0 ? "" : ["m1", "m2"].randomElement(using: &random) ?? ""
        record.outcome = Outcome.allCases.randomElement(using: &random) ?? .ok
        record.status = .random(in: 100..<600, using: &random)
        record.errorCode = ["", "upstream_failed"].randomElement(using: &random) ?? ""
        record.usage = Usage.random(using: &random)
        record.promptDigest = .random(in: 0...UInt64.max, using: &random)
        record.usageBasis = UsageBasis.allCases.randomElement(using: &random) ?? .none
        let nanos = Int64.random(in: 0..<5_000_000_000, using: &random)
        record.cost = Bool.random(using: &random) ? NanoUSD(nanos: nanos) : nil
        record.addTenancy(using: &random)
        return record
    }

    /// Keys belong to one project each.
    private mutating func addTenancy(using random: inout some RandomNumberGenerator) {
        if !key.isEmpty { (organization, team, project) = ("org_1", "team_\(key)", "proj_\(key)") }
        user = ["", "anna", "josé"].randomElement(using: &random) ?? ""
        charge = Bool.random(using: &random) ? NanoUSD(nanos: .random(in: 0..<6_000_000_000, using: &random)) : nil
        cacheSavings = NanoUSD(nanos: .random(in: -5_000..<500_000, using: &random))
        routingSavings = NanoUSD(nanos: .random(in: -5_000..<500_000, using: &random))
        queueTime = .random(in: 0..<5_000_000, using: &random)
        priority = .random(in: 0...2, using: &random)
    }

    /// The record as a correction that takes back what it says.
    package var takenBack: UsageRecord {
        var record = self
        record.isCorrection = true
        record.cost = cost.map { NanoUSD(nanos: -$0.nanos) }
        record.charge = charge.map { NanoUSD(nanos: -$0.nanos) }
        (record.usage.input, record.usage.output) = (-usage.input, -usage.output)
        return record
    }
}

extension Usage {
    fileprivate static func random(using random: inout some RandomNumberGenerator) -> Usage {
        var usage = Usage(
            input: .random(in: 0..<2_000_000, using: &random),
            output: .random(in: 0..<100_000, using: &random)
        )
        usage.cacheRead = .random(in: 0...usage.input, using: &random)
        usage.cacheReadAudio = Bool.random(using: &random) ? .random(in: 0...usage.cacheRead, using: &random) : nil
        usage.cacheWrite = .random(in: 0...usage.input, using: &random)
        usage.cacheWriteLong = .random(in: 0..<300, using: &random)
        usage.inputAudio = .random(in: 0..<300, using: &random)
        usage.reasoning = .random(in: 0...usage.output, using: &random)
        usage.outputAudio = .random(in: 0..<300, using: &random)
        usage.webSearches = .random(in: 0..<5, using: &random)
        usage.inputImage = .random(in: 0..<300, using: &random)
        usage.toolPrompt = .random(in: 0..<300, using: &random)
        usage.outputImage = .random(in: 0..<300, using: &random)
        usage.images = .random(in: 0..<5, using: &random)
        usage.inputAudioTime = .random(in: 0..<60_000, using: &random)
        usage.outputAudioTime = .random(in: 0..<60_000, using: &random)
        usage.characters = .random(in: 0..<4_096, using: &random)
        usage.searchUnits = .random(in: 0..<3, using: &random)
        return usage
    }
}
