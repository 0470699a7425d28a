internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes the request for generated content.
///
/// What Google's protocol cannot say is named and left out, except where the answer would not be what was asked for.
struct GenerateCallWriter {
    private(set) var call: Call
    let target: TargetModel
    let model: GeminiModel
    let indexer: JSONIndexer
    /// Paths of what was left out.
    var dropped: [String] = []
    /// The names of the functions that were called, by the ids of the calls: results are told by name.
    var functions: [String: String] = [:]
    /// The first thing that makes the request impossible.
    private var problem: GatewayError?

    init(_ call: Call, to target: TargetModel, indexer: JSONIndexer) {
        self.call = call
        self.target = target
        self.indexer = indexer
        model = GeminiModel(target.name)
    }

    /// Which files are taken.
    ///
    /// https://ai.google.dev/gemini-api/docs/file-input-methods
    private static let media: MediaRules = {
        var rules = MediaRules()
        let addresses = MediaRules.web + ["gs://", "files/"]
        (rules.images, rules.imageAddresses) = (["image/"], addresses)
        (rules.sounds, rules.soundAddresses) = (["audio/"], addresses)
        (rules.documents, rules.documentAddresses) = (["application/pdf", "text/", "video/"], addresses)
        rules.files = ["gs://", "files/", "https://generativelanguage.googleapis.com/"]
        return rules
    }()

    mutating func write() throws(GatewayError) -> WrittenCall {
        try call.fitMedia(to: Self.media)
        dropped += call.extras
        let plan = ThoughtPlan(call.reasoning, model, thinks: target.thinks, traits: target.traits)
        dropped += plan.dropped
        dropped += call.removeRefusedSampling(by: target.traits, at: plan.effort)
        var json = JSONWriter(capacity: 2_048)
        json.object {
            writeContents(into: &$0)
            writeInstructions(into: &$0)
            writeTools(into: &$0)
            $0.object("generationConfig") {
                writeSampling(into: &$0)
                writeFormat(into: &$0)
                plan.write(into: &$0)
            }
            writeServiceTier(into: &$0)
        }
        nameRest()
        if let problem { throw problem }
        return WrittenCall(body: json.bytes, dropped: dropped)
    }

    /// Keeps the first problem: a JSON writer's closures do not throw.
    mutating func refuse(_ code: ErrorCode, _ message: String, field: String) {
        problem = problem ?? GatewayError(code, message, field: field)
    }

    /// Names what the client asks of its own provider, for which Google has no place.
    private mutating func nameRest() {
        if call.endUser != nil { drop(.endUser) }
        if call.metadata != nil { drop(.metadata) }
        if call.keepsAnswer == true { drop(.keepsAnswer) }
        if call.cacheKey != nil { drop(.cacheKey) }
        if call.verbosity != nil { drop(.verbosity) }
        if call.callsToolsInParallel == false { drop(.parallelTools) }
    }

    private mutating func writeServiceTier(into json: inout JSONWriter) {
        guard let tier = call.serviceTier else { return }
        // Google has no tier of the account's own, and Vertex no field: what is not said there is standard.
        switch tier {
        case .standard, .priority, .flex:
            if target.quirks.hosting == .own {
                json.member("serviceTier", tier.rawValue)
            } else if tier != .standard {
                drop(.serviceTier)
            }
        case .auto: drop(.serviceTier)
        }
    }

    /// Names a field of the client's request that is left out.
    private mutating func drop(_ field: CallField) {
        dropped.append(call.path(of: field))
    }

    // MARK: configuration

    private mutating func writeSampling(into json: inout JSONWriter) {
        let sampling = call.sampling
        if let temperature = sampling.temperature { json.member("temperature", temperature) }
        if let topP = sampling.topP { json.member("topP", topP) }
        if let topK = sampling.topK { json.member("topK", topK) }
        if let limit = sampling.outputLimit { json.member("maxOutputTokens", limit) }
        if sampling.answers > 1 { json.member("candidateCount", sampling.answers) }
        if let penalty = sampling.presencePenalty { json.member("presencePenalty", penalty) }
        if let penalty = sampling.frequencyPenalty { json.member("frequencyPenalty", penalty) }
        if let seed = sampling.seed {
            if let seed = Int32(exactly: seed) { json.member("seed", seed) } else { drop(.seed) }
        }
        let stop = sampling.stop.filter { !$0.isEmpty }
        if !stop.isEmpty {
            json.array("stopSequences") {
                for text in stop { $0.element(text) }
            }
        }
        if let logprobs = call.logprobs {
            json.member("responseLogprobs", true)
            if logprobs.alternatives > 0 { json.member("logprobs", logprobs.alternatives) }
        }
    }

    private mutating func writeFormat(into json: inout JSONWriter) {
        if !call.outputModalities.isEmpty {
            json.array("responseModalities") {
                for modality in call.outputModalities { $0.element(modality.uppercased()) }
            }
        }
        switch call.outputFormat {
        case .text: break
        case .jsonObject: json.member("responseMimeType", "application/json")
        case .jsonSchema(let format):
            json.member("responseMimeType", "application/json")
            json.member("responseJsonSchema", format.schema)
            if format.description != nil { drop(.outputSchemaDescription) }
        }
    }

    // MARK: tools

    private mutating func writeTools(into json: inout JSONWriter) {
        var functions: [FunctionTool] = []
        var natives: [RawJSON] = []
        for tool in call.tools {
            switch tool {
            case .function(let function): functions.append(function)
            case .native(let dialect, let type, let definition, let path):
                if dialect == .gemini {
                    natives.append(definition)
                } else if let own = ownTool(for: type) {
                    natives.append(own)
                    if saysMore(definition) { dropped.append(path) }
                } else {
                    dropped.append(path)
                }
            }
        }
        if functions.contains(where: { $0.cacheMark != nil }) { drop(.toolCacheMark) }
        if functions.contains(where: { $0.isStrict == true }) { drop(.toolStrictness) }
        if !functions.isEmpty || !natives.isEmpty {
            json.array("tools") {
                if !functions.isEmpty {
                    $0.object {
                        $0.array("functionDeclarations") {
                            for function in functions { writeFunction(function, into: &$0) }
                        }
                    }
                }
                for native in natives { $0.element(native) }
            }
        }
        writeToolChoice(hasFunctions: !functions.isEmpty, into: &json)
    }

    /// Google's tool that does what another provider's does.
    private func ownTool(for type: String) -> RawJSON? {
        if type.hasPrefix("web_search") { return RawJSON(#"{"googleSearch":{}}"#) }
        if type.hasPrefix("code_interpreter") || type.hasPrefix("code_execution") {
            return RawJSON(#"{"codeExecution":{}}"#)
        }
        return nil
    }

    /// Whether a tool's definition says more than which tool it is.
    private func saysMore(_ definition: RawJSON) -> Bool {
        let known = try? indexer.read(definition.bytes) { json in
            json.members.allSatisfy { $0.key.isString("type") || $0.key.isString("name") }
        }
        return known != true
    }

    private func writeFunction(_ function: FunctionTool, into json: inout JSONWriter) {
        json.object {
            $0.member("name", function.name)
            if let description = function.description { $0.member("description", description) }
            guard let parameters = function.parameters else { return }
            let isCovered = try? indexer.read(parameters.bytes) { OpenAPISchema.covers($0) }
            $0.key(isCovered == true ? "parameters" : "parametersJsonSchema")
            $0.element(parameters)
        }
    }

    private mutating func writeToolChoice(hasFunctions: Bool, into json: inout JSONWriter) {
        guard let choice = call.toolChoice else { return }
        guard hasFunctions else {
            switch choice {
            case .required, .named, .among(_, isRequired: true): drop(.toolChoice)
            case .auto, .none, .among(_, isRequired: false): break
            }
            return
        }
        json.object("toolConfig") {
            $0.object("functionCallingConfig") {
                var names: [String] = []
                switch choice {
                case .auto: $0.member("mode", "AUTO")
                case .none: $0.member("mode", "NONE")
                case .required: $0.member("mode", "ANY")
                case .named(let name):
                    $0.member("mode", "ANY")
                    names = [name]
                case .among(let allowed, let isRequired):
                    // AUTO takes no list of names; VALIDATED is the mode that takes one and leaves the model free.
                    $0.member("mode", isRequired ? "ANY" : "VALIDATED")
                    names = allowed
                }
                guard !names.isEmpty else { return }
                $0.array("allowedFunctionNames") {
                    for name in names { $0.element(name) }
                }
            }
        }
    }
}
