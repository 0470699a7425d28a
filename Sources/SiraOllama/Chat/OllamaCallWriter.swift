internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for Ollama's chat.
///
/// What the protocol cannot say is named and left out, except where the answer would not be what was asked for.
struct OllamaCallWriter {
    private(set) var call: Call
    let indexer: JSONIndexer
    private let target: TargetModel
    /// Paths of what was left out.
    var dropped: [String] = []
    /// The names of the functions that have been called, by the calls' ids.
    var names: [String: String] = [:]
    /// The first thing that makes the request impossible.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel, indexer: JSONIndexer) {
        var call = call
        dropped = call.removeRefusedSampling(by: target.traits, at: call.reasoning.effort)
        self.call = call
        self.target = target
        self.indexer = indexer
    }

    /// Which files are taken: pictures, by their bytes.
    private static let media: MediaRules = {
        var rules = MediaRules()
        rules.images = ["image/"]
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
            writeTools(into: &$0)
            $0.member("stream", call.isStream)
            writeThinking(into: &$0)
            switch call.outputFormat {
            case .text: break
            case .jsonObject: $0.member("format", "json")
            case .jsonSchema(let format):
                $0.member("format", format.schema)
                dropped += call.outputSchemaNaming(format)
            }
            writeOptions(into: &$0)
            if let logprobs = call.logprobs {
                $0.member("logprobs", true)
                if logprobs.alternatives > 0 { $0.member("top_logprobs", logprobs.alternatives) }
            }
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// Keeps the first problem: a JSON writer's closures do not throw.
    mutating func refuse(_ code: ErrorCode, _ message: String, field: String) {
        problem = problem ?? GatewayError(code, message, field: field)
    }

    private mutating func nameInexpressible() {
        dropped += call.cacheMarks
        if call.verbosity != nil { dropped.append(call.path(of: .verbosity)) }
        if call.endUser != nil { dropped.append(call.path(of: .endUser)) }
        if call.metadata != nil { dropped.append(call.path(of: .metadata)) }
        if call.keepsAnswer == true { dropped.append(call.path(of: .keepsAnswer)) }
        if call.cacheKey != nil { dropped.append(call.path(of: .cacheKey)) }
        if let tier = call.serviceTier, tier != .auto { dropped.append(call.path(of: .serviceTier)) }
    }

    // MARK: parameters

    private mutating func writeThinking(into json: inout JSONWriter) {
        let wish = call.reasoning
        guard target.thinks != false else {
            if wish.isWanted { dropped += wish.paths }
            return
        }
        // Of all models OpenAI's alone are told how much, and by word.
        let takesWords = target.name.contains("gpt-oss")
        switch (wish.mode, wish.effort) {
        case (nil, nil): break
        case (.off, _), (nil, Reasoning.Effort.none?):
            if target.traits.refuses.contains(.thoughtlessness) { return dropped += wish.paths }
            json.member("think", false)
        case (.budget, _):
            dropped += wish.paths
            json.member("think", true)
        case (_, let effort?) where takesWords:
            let known = target.traits.nearest(to: effort)
            if known != effort { dropped += wish.paths }
            let word =
                switch known {
                case .none, .minimal, .low: "low"
                case .medium: "medium"
                case .high, .xhigh, .max: "high"
                }
            json.member("think", word)
        case (.adaptive, _), (nil, _?): json.member("think", true)
        }
    }

    private func writeOptions(into json: inout JSONWriter) {
        let sampling = call.sampling
        var options = JSONWriter(capacity: 128)
        options.object {
            if let limit = sampling.outputLimit { $0.member("num_predict", limit) }
            if let temperature = sampling.temperature { $0.member("temperature", temperature) }
            if let topP = sampling.topP { $0.member("top_p", topP) }
            if let topK = sampling.topK { $0.member("top_k", topK) }
            if let seed = sampling.seed { $0.member("seed", seed) }
            if let penalty = sampling.presencePenalty { $0.member("presence_penalty", penalty) }
            if let penalty = sampling.frequencyPenalty { $0.member("frequency_penalty", penalty) }
            guard !sampling.stop.isEmpty else { return }
            $0.array("stop") {
                for text in sampling.stop { $0.element(text) }
            }
        }
        if options.bytes.count > 2 { json.member("options", RawJSON(bytes: options.bytes)) }
    }

    // MARK: tools

    /// Writes the tools that may be used; that one must be cannot be said.
    private mutating func writeTools(into json: inout JSONWriter) {
        guard !call.tools.isEmpty, call.toolChoice != ToolChoice.none else { return }
        var allowed: [String]?
        switch call.toolChoice {
        case .named(let name):
            allowed = [name]
            dropped.append(call.path(of: .toolChoice))
        case .among(let names, let isRequired):
            allowed = names
            if isRequired { dropped.append(call.path(of: .toolChoice)) }
        case .required: dropped.append(call.path(of: .toolChoice))
        case .auto, ToolChoice.none?, nil: break
        }
        if call.callsToolsInParallel == false { dropped.append(call.path(of: .parallelTools)) }
        json.array("tools") {
            for tool in call.tools { writeTool(tool, allowed, into: &$0) }
        }
    }

    private mutating func writeTool(_ tool: Tool, _ allowed: [String]?, into json: inout JSONWriter) {
        switch tool {
        case .native(.ollama, _, let definition, _):
            json.element(definition)
        case .native(_, let type, _, let path):
            refuse(.unsupportedFeature, "Ollama has no tool of type \(type); declare a function.", field: path)
        case .function(let function):
            guard allowed?.contains(function.name) != false else { return }
            if function.isStrict == true { dropped.append(call.path(of: .toolStrictness)) }
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
}
