internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for Converse.
///
/// What the protocol cannot say is named and left out, except where the answer would not be what was asked for:
/// several answers, spoken answers, parts that the model cannot take.
struct ConverseCallWriter {
    let call: Call
    let indexer: JSONIndexer
    let family: ModelFamily
    let target: TargetModel
    /// Paths of what was left out.
    var dropped: [String] = []
    /// The names that documents have got so far; each may be there once.
    var documentNames: Set<String> = []
    /// The first thing that makes the request impossible.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel, indexer: JSONIndexer) {
        var call = call
        dropped = call.removeRefusedSampling(by: target.traits, at: call.reasoning.effort)
        self.call = call
        self.target = target
        self.indexer = indexer
        family = ModelFamily(model: target.name)
    }

    /// Where Converse differs from what else serves Anthropic's models.
    private static let rules = AlternatingTurns.Rules(dialect: .bedrock, takesAudio: true, takesAssistantMedia: true)

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.requireOneTextAnswer()
        let conversation = try AlternatingTurns(call, Self.rules, target.traits)
        let thinking = ThinkingFields(call, target, family, lacksThought: conversation.lacksThoughtBeforeTools)
        dropped += call.extras + conversation.dropped + thinking.dropped
        nameInexpressible()
        let sampling = SamplingPlan(call.sampling, thinks: thinking.restrictsSampling)
        dropped += sampling.dropped.map { call.path(of: $0) }

        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.array("messages") {
                for turn in conversation.turns { writeTurn(turn, into: &$0) }
            }
            writeSystem(conversation.system, into: &$0)
            writeInference(sampling, into: &$0)
            writeTools(conversation, thinking, into: &$0)
            writeModelFields(thinking, topK: sampling.topK, into: &$0)
            writeMetadata(into: &$0)
            writeServiceTier(into: &$0)
            writeOutputFormat(into: &$0)
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// Keeps the first problem: a JSON writer's closures do not throw.
    mutating func refuse(_ code: ErrorCode, _ message: String, field: String) {
        problem = problem ?? GatewayError(code, message, field: field)
    }

    private mutating func nameInexpressible() {
        if call.sampling.seed != nil { dropped.append(call.path(of: .seed)) }
        if call.sampling.presencePenalty ?? 0 != 0 { dropped.append(call.path(of: .presencePenalty)) }
        if call.sampling.frequencyPenalty ?? 0 != 0 { dropped.append(call.path(of: .frequencyPenalty)) }
        if call.logprobs != nil { dropped.append(call.path(of: .logprobs)) }
        if call.verbosity != nil { dropped.append(call.path(of: .verbosity)) }
        if call.endUser != nil { dropped.append(call.path(of: .endUser)) }
        if call.keepsAnswer == true { dropped.append(call.path(of: .keepsAnswer)) }
        if call.cacheKey != nil { dropped.append(call.path(of: .cacheKey)) }
    }

    // MARK: messages

    private mutating func writeSystem(_ parts: [Part], into json: inout JSONWriter) {
        var parts = parts
        switch call.outputFormat {
        case .text: break
        case .jsonObject:
            // There is no switch for this, so it is said in words, and named as not kept.
            parts.append(Part(.text(Self.jsonInstruction), path: call.path(of: .outputFormat)))
            dropped.append(call.path(of: .outputFormat))
        case .jsonSchema(let format):
            guard !ModelFamily.keepsSchemas(model: target.name) else { break }
            let words = "\(Self.jsonInstruction) It must satisfy this JSON Schema: \(format.schema)"
            parts.append(Part(.text(words), path: call.path(of: .outputFormat)))
            dropped.append(call.path(of: .outputFormat))
        }
        guard !parts.isEmpty else { return }
        json.array("system") {
            for part in parts { writeBlock(part, into: &$0) }
        }
    }

    private static let jsonInstruction =
        "Answer with a single JSON object and nothing else: no text around it, no code fence."

    private mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        json.object {
            $0.member("role", turn.role == .assistant ? "assistant" : "user")
            $0.array("content") {
                for part in turn.parts { writeBlock(part, into: &$0) }
            }
        }
    }

    // MARK: parameters

    private mutating func writeInference(_ plan: SamplingPlan, into json: inout JSONWriter) {
        let sampling = call.sampling
        var members = JSONWriter(capacity: 128)
        members.object {
            if let limit = sampling.outputLimit { $0.member("maxTokens", limit) }
            if let temperature = plan.temperature { $0.member("temperature", temperature) }
            if let topP = plan.topP { $0.member("topP", topP) }
            let stop = sampling.stop.filter(isTaken)
            if stop.count < sampling.stop.count { dropped.append(call.path(of: .stop)) }
            guard !stop.isEmpty else { return }
            $0.array("stopSequences") {
                for text in stop { $0.element(text) }
            }
        }
        if members.bytes.count > 2 { json.member("inferenceConfig", RawJSON(bytes: members.bytes)) }
    }

    /// Whether a stop string is accepted: none may be empty, and none of white space alone by Anthropic's models.
    private func isTaken(_ stop: String) -> Bool {
        family == .anthropic ? stop.contains { !$0.isWhitespace } : !stop.isEmpty
    }

    /// Writes what Converse hands on to the model's maker.
    private mutating func writeModelFields(
        _ thinking: ThinkingFields,
        topK: Int?,
        into json: inout JSONWriter
    ) {
        var members = JSONWriter(capacity: 128)
        members.object {
            thinking.write(for: family, into: &$0)
            guard let topK else { return }
            switch family {
            case .anthropic, .unknown, .mistral, .qwen: $0.member("top_k", topK)
            case .nova: $0.object("inferenceConfig") { $0.member("topK", topK) }
            case .openai, .other: dropped.append(call.path(of: .topK))
            }
        }
        if members.bytes.count > 2 { json.member("additionalModelRequestFields", RawJSON(bytes: members.bytes)) }
    }

    private mutating func writeMetadata(into json: inout JSONWriter) {
        guard let metadata = call.metadata else { return }
        let isTaken = try? indexer.read(metadata.bytes) { RequestMetadata.isAccepted($0) }
        if isTaken == true {
            json.member("requestMetadata", metadata)
        } else {
            dropped.append(call.path(of: .metadata))
        }
    }

    private func writeServiceTier(into json: inout JSONWriter) {
        let word: String
        switch call.serviceTier {
        case nil, .auto: return
        case .standard: word = "default"
        case .priority: word = "priority"
        case .flex: word = "flex"
        }
        json.object("serviceTier") { $0.member("type", word) }
    }

    private mutating func writeOutputFormat(into json: inout JSONWriter) {
        guard case .jsonSchema(let format) = call.outputFormat, ModelFamily.keepsSchemas(model: target.name) else {
            return
        }
        json.object("outputConfig") {
            $0.object("textFormat") {
                $0.member("type", "json_schema")
                $0.object("structure") {
                    $0.object("jsonSchema") {
                        $0.member("schema", format.schema.description)
                        if let name = format.name { $0.member("name", name) }
                        if let description = format.description { $0.member("description", description) }
                    }
                }
            }
        }
    }
}

/// What Bedrock takes as notes on a request.
///
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
enum RequestMetadata {
    static func isAccepted(_ json: JSONValue) -> Bool {
        guard json.kind == .object else { return false }
        var count = 0
        for (key, value) in json.members {
            guard let name = key.string, isAccepted(name, atLeast: 1), let text = value.string,
                isAccepted(text, atLeast: 0)
            else { return false }
            count += 1
        }
        return (1...16).contains(count)
    }

    private static func isAccepted(_ text: String, atLeast least: Int) -> Bool {
        (least...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: #" :_@$#=/+,-."#.utf8.contains(byte)
                }
            }
    }
}
