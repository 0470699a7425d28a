internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for a response.
///
/// What Responses cannot say is named and left out, except where the answer would not be what was asked for. Nothing is
/// left for the provider to keep unless the client says so: Responses are kept by default, other protocols' are not.
struct ResponsesCallWriter {
    private(set) var call: Call
    private let target: TargetModel
    private let effort: Reasoning.Effort?
    /// Paths of what was left out.
    var dropped: [String]
    /// The first thing that makes the request impossible: a JSON writer's closures do not throw.
    private var problem: GatewayError?
    /// The names of the tools that take free text, and the ids of the calls of them.
    let customs: Set<String>
    let customCalls: Set<String>

    init(_ call: Call, to target: TargetModel) {
        let plan = EffortPlan(call.reasoning, to: target)
        self.call = call
        self.target = target
        effort = plan.effort
        dropped = call.extras + plan.dropped
        let customs = call.customTools
        self.customs = customs
        customCalls = customs.isEmpty ? [] : call.ids(ofCallsOf: customs)
        dropped += self.call.removeRefusedSampling(by: target.traits, at: plan.effort)
    }

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.requireOneTextAnswer()
        try call.fitMedia(to: .responses(target.quirks))
        var json = JSONWriter(capacity: 2_048)
        json.object {
            $0.member("model", target.name)
            $0.array("input") {
                for turn in call.turns { writeTurn(turn, into: &$0) }
            }
            writeSampling(into: &$0)
            let wantsProof = writeReasoning(into: &$0)
            writeInclude(wantsProof: wantsProof, into: &$0)
            writeTools(into: &$0)
            writeText(into: &$0)
            if let user = call.endUser {
                let name = WireNames.user(user)
                if name != user { dropped.append(call.path(of: .endUser)) }
                $0.member("user", name)
            }
            if let metadata = call.metadata { $0.member("metadata", metadata) }
            if let key = call.cacheKey { $0.member("prompt_cache_key", WireNames.cacheKey(key)) }
            if let tier = call.serviceTier { $0.member("service_tier", ResponsesParameters.name(of: tier)) }
            $0.member("store", call.keepsAnswer ?? false)
            if call.isStream { $0.member("stream", true) }
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// The id by which the provider knows a call.
    func callID(_ id: String) -> String {
        WireNames.call(id, target.quirks.callIDs, longest: WireNames.longestResponsesCall)
    }

    mutating func refuse(_ message: String, field: String) {
        problem = problem ?? GatewayError(.unsupportedFeature, message, field: field)
    }

    /// The least that OpenAI takes for a limit of the answer's length.
    private static let leastOutputLimit = 16

    private mutating func writeSampling(into json: inout JSONWriter) {
        let sampling = call.sampling
        if let limit = sampling.outputLimit {
            if limit < Self.leastOutputLimit { dropped.append(call.path(of: .outputLimit)) }
            json.member("max_output_tokens", max(limit, Self.leastOutputLimit))
        }
        if let temperature = sampling.temperature { json.member("temperature", temperature) }
        if let topP = sampling.topP { json.member("top_p", topP) }
        if let wish = call.logprobs, wish.alternatives > 0 { json.member("top_logprobs", wish.alternatives) }
        if sampling.topK != nil { dropped.append(call.path(of: .topK)) }
        if sampling.seed != nil { dropped.append(call.path(of: .seed)) }
        if sampling.presencePenalty ?? 0 != 0 { dropped.append(call.path(of: .presencePenalty)) }
        if sampling.frequencyPenalty ?? 0 != 0 { dropped.append(call.path(of: .frequencyPenalty)) }
        if !sampling.stop.isEmpty { dropped.append(call.path(of: .stop)) }
    }

    /// Writes how the model is to think.
    ///
    /// - Returns: whether thoughts are to come with the proof by which they can be sent back.
    private func writeReasoning(into json: inout JSONWriter) -> Bool {
        guard target.thinks != false else { return false }
        let shows = call.reasoning.display == "summarized"
        if effort != nil || shows {
            json.object("reasoning") {
                if let effort { $0.member("effort", effort.rawValue) }
                if shows { $0.member("summary", "auto") }
            }
        }
        return call.reasoning.isWanted && target.thinks == true
    }

    private func writeInclude(wantsProof: Bool, into json: inout JSONWriter) {
        guard wantsProof || call.logprobs != nil else { return }
        json.array("include") {
            if wantsProof { $0.element("reasoning.encrypted_content") }
            if call.logprobs != nil { $0.element("message.output_text.logprobs") }
        }
    }

    private mutating func writeTools(into json: inout JSONWriter) {
        for tool in call.tools {
            switch tool {
            case .function(let function):
                if function.cacheMark != nil { dropped.append(call.path(of: .toolCacheMark)) }
            case .native(.responses, _, _, _): break
            case .native(_, _, _, let path): dropped.append(path)
            }
        }
        let tools = call.tools.filter { tool in
            if case .native(let dialect, _, _, _) = tool { dialect == .responses } else { true }
        }
        guard !tools.isEmpty else { return nameChoice() }
        json.array("tools") {
            for tool in tools {
                switch tool {
                case .function(let function): ResponsesParameters.write(function, into: &$0)
                case .native(_, _, let definition, _): $0.element(definition)
                }
            }
        }
        if let choice = call.toolChoice {
            json.key("tool_choice")
            ResponsesParameters.write(choice, customs: customs, into: &json)
        }
        if let parallel = call.callsToolsInParallel { json.member("parallel_tool_calls", parallel) }
    }

    /// Names the wishes that mean nothing without tools.
    private mutating func nameChoice() {
        switch call.toolChoice {
        case .required, .named, .among(_, isRequired: true): dropped.append(call.path(of: .toolChoice))
        case nil, .auto, ToolChoice.none?, .among(_, isRequired: false): break
        }
    }

    private func writeText(into json: inout JSONWriter) {
        var hasFormat = true
        if case .text = call.outputFormat { hasFormat = false }
        guard hasFormat || call.verbosity != nil else { return }
        json.object("text") {
            if hasFormat {
                $0.key("format")
                ResponsesParameters.write(call.outputFormat, into: &$0)
            }
            if let verbosity = call.verbosity { $0.member("verbosity", verbosity) }
        }
    }
}
