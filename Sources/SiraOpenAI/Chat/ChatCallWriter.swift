internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for a chat completion.
///
/// What chat completions cannot say is named and left out, except where the answer would not be what was asked for.
struct ChatCallWriter {
    private(set) var call: Call
    private let target: TargetModel
    private let indexer: JSONIndexer
    private let effort: Reasoning.Effort?
    /// Paths of what was left out.
    var dropped: [String]
    /// The first thing that makes the request impossible: a JSON writer's closures do not throw.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel, indexer: JSONIndexer) {
        let plan = EffortPlan(call.reasoning, to: target)
        self.call = call
        self.target = target
        self.indexer = indexer
        effort = plan.effort
        dropped = call.extras + plan.dropped
        dropped += self.call.removeRefusedSampling(by: target.traits, at: plan.effort)
    }

    var quirks: Quirks { target.quirks }

    /// Whether the model knows the proofs of thoughts beside calls: they are Gemini's, whoever serves it, and others
    /// refuse fields that they do not know.
    var takesSignatures: Bool { target.name.lowercased().contains("gemini") }

    /// Whether the provider refuses calls of tools that no thought stands before.
    var missesThoughts: Bool {
        quirks.thoughtsField == .reasoningContent && target.thinks == true && call.reasoning.mode != .off
    }

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.fitMedia(to: .chat(quirks))
        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.member("model", target.name)
            $0.array("messages") {
                for turn in call.turns { writeTurn(turn, into: &$0) }
            }
            writeSampling(into: &$0)
            if let effort { $0.member("reasoning_effort", effort.rawValue) }
            writeTools(into: &$0)
            writeFormat(into: &$0)
            writeCompany(into: &$0)
            if let tier = call.serviceTier {
                $0.member("service_tier", tier == .standard ? "default" : tier.rawValue)
            }
            if call.isStream {
                $0.member("stream", true)
                if quirks.streamUsage == .option {
                    $0.object("stream_options") { $0.member("include_usage", true) }
                }
            }
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    mutating func refuse(_ message: String, field: String) {
        problem = problem ?? GatewayError(.unsupportedFeature, message, field: field)
    }

    /// The id by which the provider knows a call.
    func callID(_ id: String) -> String {
        WireNames.call(id, quirks.callIDs, longest: WireNames.longestChatCall)
    }

    private mutating func writeSampling(into json: inout JSONWriter) {
        if let limit = call.sampling.outputLimit {
            switch quirks.outputLimitField {
            case .maxTokens: json.member("max_tokens", limit)
            case .maxCompletionTokens, nil: json.member("max_completion_tokens", limit)
            }
        }
        if let temperature = call.sampling.temperature { json.member("temperature", temperature) }
        if let topP = call.sampling.topP { json.member("top_p", topP) }
        if call.sampling.topK != nil { dropped.append(call.path(of: .topK)) }
        if let seed = call.sampling.seed { json.member("seed", seed) }
        if let penalty = call.sampling.presencePenalty { json.member("presence_penalty", penalty) }
        if let penalty = call.sampling.frequencyPenalty { json.member("frequency_penalty", penalty) }
        if call.sampling.answers > 1 { json.member("n", call.sampling.answers) }
        guard !call.sampling.stop.isEmpty else { return }
        json.array("stop") {
            for text in call.sampling.stop { $0.element(text) }
        }
    }

    /// Writes what goes along with a request.
    private mutating func writeCompany(into json: inout JSONWriter) {
        if let logprobs = call.logprobs {
            json.member("logprobs", true)
            if logprobs.alternatives > 0 { json.member("top_logprobs", logprobs.alternatives) }
        }
        if let verbosity = call.verbosity { json.member("verbosity", verbosity) }
        if let user = call.endUser {
            let name = WireNames.user(user)
            if name != user { dropped.append(call.path(of: .endUser)) }
            json.member("user", name)
        }
        if let metadata = call.metadata { json.member("metadata", metadata) }
        if let keepsAnswer = call.keepsAnswer { json.member("store", keepsAnswer) }
        if let cacheKey = call.cacheKey { json.member("prompt_cache_key", WireNames.cacheKey(cacheKey)) }
        guard call.outputModalities.contains(where: { $0 != "text" }) else { return }
        json.array("modalities") {
            for modality in call.outputModalities { $0.element(modality) }
        }
        guard call.outputModalities.contains("audio") else { return }
        // Both are demanded here, and other protocols leave them to the provider; streams know one format only.
        json.object("audio") {
            $0.member("voice", "alloy")
            $0.member("format", call.isStream ? "pcm16" : "wav")
        }
    }

    private mutating func writeTools(into json: inout JSONWriter) {
        var (functions, own) = (functions, ownTools())
        if functions.contains(where: { $0.cacheMark != nil }) { dropped.append(call.path(of: .toolCacheMark)) }
        guard !functions.isEmpty || !own.isEmpty else {
            switch call.toolChoice {
            case .required, .named, .among: dropped.append(call.path(of: .toolChoice))
            case .auto, ToolChoice.none?, nil: break
            }
            return
        }
        var choice = call.toolChoice
        if case .among(let names, let isRequired) = choice, !takesAllowedTools {
            // To have only the allowed tools is as good as to be allowed only them.
            let allowed = (functions.filter { names.contains($0.name) }, own.filter { isNamed($0, in: names) })
            if !(allowed.0.isEmpty && allowed.1.isEmpty) {
                (functions, own) = allowed
                choice = isRequired ? .required : .auto
            } else if isRequired {
                refuse("None of the tools that are allowed is among the request's.", field: call.path(of: .toolChoice))
            } else {
                choice = ToolChoice.none
            }
        }
        json.array("tools") {
            for function in functions { Self.writeFunction(function, into: &$0) }
            for definition in own { $0.element(definition) }
        }
        writeToolChoice(choice, functions, into: &json)
        if let parallel = call.callsToolsInParallel { json.member("parallel_tool_calls", parallel) }
    }

    private var functions: [FunctionTool] {
        call.tools.compactMap { if case .function(let function) = $0 { function } else { nil } }
    }

    /// The tools that the client has written as chat completions have them; those of other protocols are named.
    private mutating func ownTools() -> [RawJSON] {
        var own: [RawJSON] = []
        for tool in call.tools {
            switch tool {
            case .function: break
            case .native(.openai, _, let definition, _): own.append(definition)
            case .native(_, _, _, let path): dropped.append(path)
            }
        }
        return own
    }

    private var takesAllowedTools: Bool { quirks.takesAllowedTools || quirks.hosting == .azure }

    private func isNamed(_ definition: RawJSON, in names: [String]) -> Bool {
        let name = try? indexer.read(definition.bytes) { ($0["custom"]?["name"] ?? $0["name"])?.string }
        return name.flatMap(\.self).map(names.contains) ?? false
    }

    private mutating func writeToolChoice(
        _ choice: ToolChoice?,
        _ functions: [FunctionTool],
        into json: inout JSONWriter
    ) {
        switch choice {
        case nil: break
        case .auto: json.member("tool_choice", "auto")
        case ToolChoice.none?: json.member("tool_choice", "none")
        case .required: json.member("tool_choice", "required")
        case .among(let names, let isRequired):
            json.object("tool_choice") {
                $0.member("type", "allowed_tools")
                $0.object("allowed_tools") {
                    $0.member("mode", isRequired ? "required" : "auto")
                    $0.array("tools") {
                        for name in names {
                            $0.object {
                                $0.member("type", "function")
                                $0.object("function") { $0.member("name", name) }
                            }
                        }
                    }
                }
            }
        case .named(let name) where !functions.contains { $0.name == name }:
            // What was to be used is not a function, and was left out.
            dropped.append(call.path(of: .toolChoice))
        case .named(let name):
            json.object("tool_choice") {
                $0.member("type", "function")
                $0.object("function") { $0.member("name", name) }
            }
        }
    }

    private static func writeFunction(_ function: FunctionTool, into json: inout JSONWriter) {
        json.object {
            $0.member("type", "function")
            $0.object("function") {
                $0.member("name", function.name)
                if let description = function.description { $0.member("description", description) }
                if let parameters = function.parameters { $0.member("parameters", parameters) }
                if let isStrict = function.isStrict { $0.member("strict", isStrict) }
            }
        }
    }

    private mutating func writeFormat(into json: inout JSONWriter) {
        switch call.outputFormat {
        case .text: break
        case .jsonObject: json.object("response_format") { $0.member("type", "json_object") }
        case .jsonSchema(let format):
            json.object("response_format") {
                $0.member("type", "json_schema")
                $0.object("json_schema") {
                    $0.member("name", format.name ?? "response")
                    if let description = format.description { $0.member("description", description) }
                    $0.member("schema", format.schema)
                    if let isStrict = format.isStrict { $0.member("strict", isStrict) }
                }
            }
        }
    }
}
