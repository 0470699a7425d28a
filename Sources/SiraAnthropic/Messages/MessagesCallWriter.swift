internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for a message.
///
/// What messages cannot say is named and left out, except where the answer would not be what was asked for: several
/// answers, spoken answers, parts that the model cannot take.
struct MessagesCallWriter {
    private(set) var call: Call
    let indexer: JSONIndexer
    private let target: TargetModel
    /// Paths of what was left out.
    var dropped: [String] = []
    /// The first thing that makes the request impossible.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel, indexer: JSONIndexer) {
        var call = call
        dropped = call.removeRefusedSampling(by: target.traits, at: call.reasoning.effort)
        if call.toolChoice?.isForced == true, target.traits.refuses.contains(.forcedTool) {
            dropped.append(call.path(of: .toolChoice))
            call.toolChoice = call.toolChoice?.unforced
        }
        self.call = call
        self.target = target
        self.indexer = indexer
    }

    /// Where messages differ from what else serves Anthropic's models.
    private static let rules = AlternatingTurns.Rules(
        dialect: .anthropic,
        takesAudio: false,
        takesAssistantMedia: false
    )

    /// Which files are taken.
    ///
    /// https://docs.claude.com/en/docs/build-with-claude/files, and the pages on vision and PDF.
    private static let media: MediaRules = {
        var rules = MediaRules()
        rules.images = ["image/png", "image/jpeg", "image/webp", "image/gif"]
        rules.imageAddresses = MediaRules.web
        rules.documents = ["application/pdf"]
        rules.documentAddresses = MediaRules.web
        return rules
    }()

    /// The output limit where nobody gives one; Anthropic demands it.
    private static let defaultOutputLimit = 4_096

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.requireOneTextAnswer()
        try call.fitMedia(to: Self.media)
        let conversation = try AlternatingTurns(call, Self.rules, target.traits)
        let outputLimit = call.sampling.outputLimit ?? target.maxOutput
        let plan = ThinkingPlan(
            call.reasoning,
            target,
            ThinkingPlan.Circumstances(
                outputLimit: outputLimit,
                isForced: call.toolChoice?.isForced == true,
                lacksThought: conversation.lacksThoughtBeforeTools
            )
        )
        dropped = call.extras + conversation.dropped + plan.dropped + dropped

        var json = JSONWriter(capacity: 2_048)
        json.object {
            if target.quirks.hosting == .vertex {
                $0.member("anthropic_version", AnthropicDialect.vertexVersion)
            } else {
                $0.member("model", target.name)
            }
            $0.member("max_tokens", outputLimit ?? Self.defaultOutputLimit(plan))
            writeSystem(conversation.system, into: &$0)
            $0.array("messages") {
                for turn in conversation.turns { writeTurn(turn, into: &$0) }
            }
            writeTools(into: &$0)
            writeSampling(plan, into: &$0)
            writeThinking(plan, into: &$0)
            if let user = call.endUser { $0.object("metadata") { $0.member("user_id", user) } }
            writeServiceTier(into: &$0)
            nameUnsaid()
            if call.isStream { $0.member("stream", true) }
        }
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// Room for thoughts beside that for the answer.
    private static func defaultOutputLimit(_ plan: ThinkingPlan) -> Int {
        if case .budget(let tokens) = plan.mode { defaultOutputLimit + tokens } else { defaultOutputLimit }
    }

    /// Keeps the first problem: a JSON writer's closures do not throw.
    mutating func refuse(_ code: ErrorCode, _ message: String, field: String) {
        problem = problem ?? GatewayError(code, message, field: field)
    }

    private mutating func writeSystem(_ parts: [Part], into json: inout JSONWriter) {
        var parts = parts
        if case .jsonObject = call.outputFormat {
            // There is no switch for this, so it is said in words, and named as not kept.
            parts.append(Part(.text(Self.jsonInstruction), path: call.path(of: .outputFormat)))
            dropped.append(call.path(of: .outputFormat))
        }
        guard !parts.isEmpty else { return }
        json.key("system")
        writeContent(parts, into: &json)
    }

    private static let jsonInstruction =
        "Answer with a single JSON object and nothing else: no text around it, no code fence."

    private mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        json.object {
            $0.member("role", turn.role == .assistant ? "assistant" : "user")
            $0.key("content")
            writeContent(turn.parts, into: &$0)
        }
    }

    // MARK: parameters

    private mutating func writeSampling(_ plan: ThinkingPlan, into json: inout JSONWriter) {
        let sampling = SamplingPlan(call.sampling, thinks: plan.thinks)
        if let temperature = sampling.temperature { json.member("temperature", temperature) }
        if let topP = sampling.topP { json.member("top_p", topP) }
        if let topK = sampling.topK { json.member("top_k", topK) }
        dropped += sampling.dropped.map { call.path(of: $0) }
        if call.sampling.seed != nil { dropped.append(call.path(of: .seed)) }
        let stop = call.sampling.stop.filter { $0.contains { !$0.isWhitespace } }
        // Anthropic refuses stop strings of white space alone.
        if stop.count < call.sampling.stop.count { dropped.append(call.path(of: .stop)) }
        guard !stop.isEmpty else { return }
        json.array("stop_sequences") {
            for text in stop { $0.element(text) }
        }
    }

    private mutating func writeThinking(_ plan: ThinkingPlan, into json: inout JSONWriter) {
        plan.writeThinking(into: &json)
        var schema: RawJSON?
        if case .jsonSchema(let format) = call.outputFormat {
            schema = subset(of: format.schema, call.path(of: .outputSchema))
        }
        guard schema != nil || plan.effort != nil else { return }
        json.object("output_config") {
            if let effort = plan.effort { $0.member("effort", effort.rawValue) }
            guard let schema else { return }
            $0.object("format") {
                $0.member("type", "json_schema")
                $0.member("schema", schema)
            }
        }
    }

    /// Names the parameters that messages do not have.
    private mutating func nameUnsaid() {
        let sampling = call.sampling
        let unsaid: [(field: CallField, isAsked: Bool)] = [
            (.presencePenalty, (sampling.presencePenalty ?? 0) != 0),
            (.frequencyPenalty, (sampling.frequencyPenalty ?? 0) != 0),
            (.logprobs, call.logprobs != nil), (.verbosity, call.verbosity != nil),
            (.metadata, call.metadata != nil), (.keepsAnswer, call.keepsAnswer == true),
            (.cacheKey, call.cacheKey != nil),
        ]
        for (field, isAsked) in unsaid where isAsked { dropped.append(call.path(of: field)) }
        guard case .jsonSchema(let format) = call.outputFormat else { return }
        if format.name != nil { dropped.append(call.path(of: .outputSchemaName)) }
        if format.description != nil { dropped.append(call.path(of: .outputSchemaDescription)) }
        // The schema is always kept to.
        if format.isStrict == false { dropped.append(call.path(of: .outputSchemaStrictness)) }
    }

    private mutating func writeServiceTier(into json: inout JSONWriter) {
        switch call.serviceTier {
        case nil: break
        case .auto, .priority: json.member("service_tier", "auto")
        case .standard: json.member("service_tier", "standard_only")
        case .flex: dropped.append(call.path(of: .serviceTier))
        }
    }

    // MARK: tools

    private mutating func writeTools(into json: inout JSONWriter) {
        let tools = call.tools.filter { isSent($0) }
        guard !tools.isEmpty else {
            switch call.toolChoice {
            case .required, .named, .among: dropped.append(call.path(of: .toolChoice))
            case .auto, ToolChoice.none?, nil: break
            }
            return
        }
        json.array("tools") {
            for tool in tools { writeTool(tool, into: &$0) }
        }
        let isSerial = call.callsToolsInParallel == false && call.toolChoice != ToolChoice.none
        guard call.toolChoice != nil || isSerial else { return }
        json.object("tool_choice") {
            switch call.toolChoice {
            case .auto, .among(_, isRequired: false), nil: $0.member("type", "auto")
            case ToolChoice.none?: $0.member("type", "none")
            case .required, .among(_, isRequired: true): $0.member("type", "any")
            case .named(let name):
                $0.member("type", "tool")
                $0.member("name", name)
            }
            if isSerial { $0.member("disable_parallel_tool_use", true) }
        }
    }

    /// Whether the model is told of the tool: of several that are offered, only those that it may use, and none that
    /// only another protocol's providers know.
    private mutating func isSent(_ tool: Tool) -> Bool {
        switch tool {
        case .function(let function):
            guard case .among(let names, _) = call.toolChoice else { return true }
            return names.contains(function.name)
        case .native(let dialect, type: _, _, let path):
            // Chat completions have no such tools but one; what their client names is the provider's to judge.
            guard ![.anthropic, .openai].contains(dialect) else { return true }
            dropped.append(path)
            return false
        }
    }

    private mutating func writeTool(_ tool: Tool, into json: inout JSONWriter) {
        switch tool {
        case .native(_, type: "custom", _, let path):
            refuse(
                .unsupportedFeature,
                "This model's tools take JSON, not free text: declare a function.",
                field: path
            )
        case .native(_, _, let definition, _):
            // The client names a tool that only the provider knows: the provider judges it.
            json.element(definition)
        case .function(let function):
            let isStrict = function.isStrict == true
            let parameters = function.parameters ?? RawJSON(#"{"type":"object","properties":{}}"#)
            let schema = isStrict ? subset(of: parameters, call.path(of: .toolSchema)) : parameters
            json.object {
                $0.member("name", function.name)
                if let description = function.description { $0.member("description", description) }
                $0.member("input_schema", schema)
                if isStrict { $0.member("strict", true) }
                writeMark(function.cacheMark, into: &$0)
            }
        }
    }

    /// The part of a schema that Anthropic enforces.
    ///
    /// What cannot be said in words, that an object may have more members, is named behind `path`.
    private mutating func subset(of schema: RawJSON, _ path: String) -> RawJSON {
        guard let subset = try? indexer.read(schema.bytes, { JSONSchemaSubset($0) }) else { return schema }
        if subset.closesObject { dropped.append(path + ".additionalProperties") }
        return subset.schema
    }

    /// Writes the mark that has the prompt up to here cached.
    func writeMark(_ mark: CacheMark?, into json: inout JSONWriter) {
        guard let mark else { return }
        json.object("cache_control") {
            $0.member("type", "ephemeral")
            if mark == .long { $0.member("ttl", "1h") }
        }
    }
}
