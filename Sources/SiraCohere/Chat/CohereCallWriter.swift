internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for Cohere's chat.
///
/// What the protocol cannot say is named and left out, except where the answer would not be what was asked for.
struct CohereCallWriter {
    private(set) var call: Call
    let target: TargetModel
    /// Paths of what was left out.
    var dropped: [String] = []
    /// The documents that the conversation has brought, each as it is written.
    var documents: [RawJSON] = []
    /// The first thing that makes the request impossible.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel) {
        var call = call
        dropped = call.removeRefusedSampling(by: target.traits, at: call.reasoning.effort)
        self.call = call
        self.target = target
    }

    /// Which files are taken.
    ///
    /// https://docs.cohere.com/docs/image-inputs
    private static let media: MediaRules = {
        var rules = MediaRules()
        rules.images = ["image/png", "image/jpeg", "image/webp", "image/gif"]
        rules.imageAddresses = MediaRules.web
        return rules
    }()

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.requireOneTextAnswer()
        try call.fitMedia(to: Self.media)
        dropped += call.extras
        nameInexpressible()
        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.member("model", target.name)
            $0.array("messages") {
                for turn in call.turns { writeTurn(turn, into: &$0) }
            }
            if !documents.isEmpty {
                $0.array("documents") {
                    for document in documents { $0.element(document) }
                }
            }
            writeTools(into: &$0)
            writeSampling(into: &$0)
            writeThinking(into: &$0)
            writeFormat(into: &$0)
            if call.logprobs != nil { $0.member("logprobs", true) }
            $0.member("stream", call.isStream)
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// Keeps the first problem: a JSON writer's closures do not throw.
    mutating func refuse(_ code: ErrorCode, _ message: String, field: String) {
        problem = problem ?? GatewayError(code, message, field: field)
    }

    private mutating func nameInexpressible() {
        if call.logprobs?.alternatives ?? 0 > 0 { dropped.append(call.path(of: .logprobAlternatives)) }
        dropped += call.cacheMarks
        if call.verbosity != nil { dropped.append(call.path(of: .verbosity)) }
        if call.endUser != nil { dropped.append(call.path(of: .endUser)) }
        if call.metadata != nil { dropped.append(call.path(of: .metadata)) }
        if call.keepsAnswer == true { dropped.append(call.path(of: .keepsAnswer)) }
        if call.cacheKey != nil { dropped.append(call.path(of: .cacheKey)) }
        if let tier = call.serviceTier, tier != .auto { dropped.append(call.path(of: .serviceTier)) }
    }

    // MARK: parameters

    private mutating func writeSampling(into json: inout JSONWriter) {
        let sampling = call.sampling
        if let limit = sampling.outputLimit { json.member("max_tokens", limit) }
        if let temperature = sampling.temperature { json.member("temperature", temperature) }
        if let topP = sampling.topP { json.member("p", clamped(topP, to: 0.01...0.99, call.path(of: .topP))) }
        if let topK = sampling.topK { json.member("k", Int(clamped(Double(topK), to: 0...500, call.path(of: .topK)))) }
        if let seed = sampling.seed {
            if seed >= 0 { json.member("seed", seed) } else { dropped.append(call.path(of: .seed)) }
        }
        if let penalty = sampling.frequencyPenalty {
            json.member("frequency_penalty", clamped(penalty, to: 0...1, call.path(of: .frequencyPenalty)))
        }
        if let penalty = sampling.presencePenalty {
            json.member("presence_penalty", clamped(penalty, to: 0...1, call.path(of: .presencePenalty)))
        }
        guard !sampling.stop.isEmpty else { return }
        json.array("stop_sequences") {
            for text in sampling.stop { $0.element(text) }
        }
    }

    /// The number, or the nearest that Cohere takes, which is named.
    private mutating func clamped(_ number: Double, to range: ClosedRange<Double>, _ path: String) -> Double {
        if !range.contains(number) { dropped.append(path) }
        return min(max(number, range.lowerBound), range.upperBound)
    }

    /// Writes how much to think: an effort is a budget of 1,024 tokens for low, 4,096 for medium, and none above.
    private mutating func writeThinking(into json: inout JSONWriter) {
        let wish = call.reasoning
        guard target.thinks != false else {
            if wish.isWanted { dropped += wish.paths }
            return
        }
        var budget: Int?
        switch (wish.mode, wish.effort) {
        case (nil, nil): return
        case (.off, _), (nil, Reasoning.Effort.none?):
            json.object("thinking") { $0.member("type", "disabled") }
            return
        case (.budget(let tokens), _): budget = tokens
        case (_, .minimal), (_, .low): budget = 1_024
        case (_, .medium): budget = 4_096
        case (.adaptive, _), (nil, _): break
        }
        json.object("thinking") {
            $0.member("type", "enabled")
            if let budget { $0.member("token_budget", budget) }
        }
    }

    private mutating func writeFormat(into json: inout JSONWriter) {
        switch call.outputFormat {
        case .text: break
        case .jsonObject:
            json.object("response_format") { $0.member("type", "json_object") }
        case .jsonSchema(let format):
            json.object("response_format") {
                $0.member("type", "json_object")
                $0.member("json_schema", format.schema)
            }
            dropped += call.outputSchemaNaming(format)
        }
    }

    // MARK: tools

    /// Writes the tools; where one or some of them must be used, or alone may be, the others are left out.
    private mutating func writeTools(into json: inout JSONWriter) {
        guard !call.tools.isEmpty else {
            if call.toolChoice == .required { dropped.append(call.path(of: .toolChoice)) }
            if case .named? = call.toolChoice { dropped.append(call.path(of: .toolChoice)) }
            return
        }
        var allowed: [String]?
        var choice: String?
        switch call.toolChoice {
        case nil, .auto: break
        case ToolChoice.none?: choice = "NONE"
        case .required: choice = "REQUIRED"
        case .named(let name): (allowed, choice) = ([name], "REQUIRED")
        case .among(let names, let isRequired): (allowed, choice) = (names, isRequired ? "REQUIRED" : nil)
        }
        var strictness: Set<Bool> = []
        json.array("tools") {
            for tool in call.tools {
                guard case .function(let function) = tool else {
                    refuseTool(tool)
                    continue
                }
                guard allowed?.contains(function.name) != false else { continue }
                strictness.insert(function.isStrict == true)
                Self.write(function, into: &$0)
            }
        }
        // It is said for all of them or for none.
        if strictness == [true] { json.member("strict_tools", true) }
        if strictness == [true, false] { dropped.append(call.path(of: .toolStrictness)) }
        if let choice { json.member("tool_choice", choice) }
        if call.callsToolsInParallel == false { dropped.append(call.path(of: .parallelTools)) }
    }

    private mutating func refuseTool(_ tool: Tool) {
        guard case .native(_, let type, _, let path) = tool else { return }
        refuse(.unsupportedFeature, "Cohere has no tool of type \(type); declare a function.", field: path)
    }

    private static func write(_ function: FunctionTool, into json: inout JSONWriter) {
        json.object {
            $0.member("type", "function")
            $0.object("function") {
                $0.member("name", function.name)
                if let description = function.description { $0.member("description", description) }
                $0.member("parameters", function.parameters ?? RawJSON(#"{"type":"object","properties":{}}"#))
            }
        }
    }
}
