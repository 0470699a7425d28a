internal import SiraJSON
package import SiraWire

/// Makes calls that are the same for the same seed.
///
/// A conversation begins with instructions and ends with the user; between them speak user and assistant in turns, and
/// each call of a tool is answered in the turn that follows. The assistant thinks, then speaks, then calls. No budget
/// for thoughts is given after a call that no thought led to. Numbers are such as binary fractions hold exactly.
package struct RandomCall {
    /// What calls may make use of; each is used in some calls only.
    package let features: Set<CallFeature>
    var random: SeededRandom
    /// Counts what must differ from all others, such as ids.
    var serial = 0

    package init(seed: UInt64, features: Set<CallFeature>) {
        random = SeededRandom(seed: seed)
        self.features = features
    }

    /// The next call.
    package mutating func next() -> Call {
        serial = 0
        let tools = makeTools()
        var call = Call(turns: makeTurns(tools: tools.map(\.name)))
        call.tools = tools.map { .function($0) }
        call.isStream = uses(.stream)
        sample(&call)
        reason(&call)
        chooseTools(&call, names: tools.map(\.name))
        shape(&call)
        accompany(&call)
        return call
    }

    /// Whether this call makes use of a feature, should calls do so at all: one in two.
    mutating func uses(_ feature: CallFeature) -> Bool {
        features.contains(feature) && Bool.random(using: &random)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    /// Some words that hold what is awkward in JSON, in other scripts, and beyond the basic plane.
    mutating func words() -> String {
        let some = ["tea", "\"quoted\"", "a\\b", "línea", "日本", "🫖", "tab\there", "new\nline", "</s>", "null"]
        return (0..<number(1...4)).map { _ in some.randomElement(using: &random) ?? "" }.joined(separator: " ")
    }

    /// A name that no other of the call has.
    mutating func name(_ stem: String) -> String {
        serial += 1
        return "\(stem)_\(serial)"
    }

    private mutating func sample(_ call: inout Call) {
        if uses(.temperature) { call.sampling.temperature = Double(number(0...8)) / 8 }
        if uses(.topP) { call.sampling.topP = Double(number(1...8)) / 8 }
        if uses(.topK) { call.sampling.topK = number(1...100) }
        if uses(.seed) { call.sampling.seed = Int64(number(0...1_000_000)) }
        if uses(.penalties) { call.sampling.presencePenalty = Double(number(-8...8)) / 4 }
        if uses(.penalties) { call.sampling.frequencyPenalty = Double(number(-8...8)) / 4 }
        if uses(.stop) { call.sampling.stop = (0..<number(1...3)).map { _ in name("stop") } }
        if uses(.outputLimit) { call.sampling.outputLimit = number(2_000...64_000) }
        if uses(.answers) { call.sampling.answers = number(1...4) }
        if uses(.logprobs) { call.logprobs = LogprobsWish(alternatives: number(0...5)) }
        if uses(.verbosity) { call.verbosity = ["low", "medium", "high"].randomElement(using: &random) }
    }

    private mutating func reason(_ call: inout Call) {
        if uses(.effort) {
            call.reasoning.effort = [.low, .medium, .high].randomElement(using: &random)
        } else if uses(.thinkingBudget), !call.goesOnWithoutThought {
            call.reasoning.mode = .budget(number(1_024...1_900))
        }
    }

    private mutating func chooseTools(_ call: inout Call, names: [String]) {
        guard let name = names.first else { return }
        if uses(.toolChoice) {
            call.toolChoice = [.auto, ToolChoice.none, .required, .named(name)].randomElement(using: &random)
        } else if uses(.toolsAmong) {
            call.toolChoice = .among(names, isRequired: Bool.random(using: &random))
        }
        if uses(.parallelTools) { call.callsToolsInParallel = false }
    }

    private mutating func shape(_ call: inout Call) {
        if uses(.jsonObject) { call.outputFormat = .jsonObject }
        guard uses(.jsonSchema) else { return }
        let isNamed = features.contains(.schemaNames)
        call.outputFormat = .jsonSchema(
            OutputSchema(
                name: isNamed ? name("answer") : nil,
                description: isNamed ? words() : nil,
                schema: schema(),
                isStrict: isNamed ? Bool.random(using: &random) : nil
            )
        )
    }

    private mutating func accompany(_ call: inout Call) {
        if uses(.endUser) { call.endUser = name("user") }
        if uses(.metadata) { call.metadata = RawJSON(#"{"team":"\#(name("team"))"}"#) }
        if uses(.keepsAnswer) { call.keepsAnswer = Bool.random(using: &random) }
        if uses(.cacheKey) { call.cacheKey = name("key") }
        if uses(.serviceTier) { call.serviceTier = Bool.random(using: &random) ? .auto : .standard }
    }

    private mutating func makeTools() -> [FunctionTool] {
        guard features.contains(.tools) else { return [] }
        return (0..<number(0...3)).map { _ in
            var tool = FunctionTool(name: name("tool"), description: words(), parameters: schema())
            if uses(.strictTools) { tool.isStrict = true }
            tool.cacheMark = mark()
            return tool
        }
    }

    /// A schema that every protocol with schemas takes as it is.
    private mutating func schema() -> RawJSON {
        let member = name("member")
        return RawJSON(
            #"{"type":"object","properties":{"\#(member)":{"type":"string"}},"required":["\#(member)"],"#
                + #""additionalProperties":false}"#
        )
    }

    /// A mark in one place of four.
    mutating func mark() -> CacheMark? {
        guard features.contains(.cacheMarks), number(0...3) == 0 else { return nil }
        return features.contains(.longCacheMarks) && Bool.random(using: &random) ? .long : .short
    }
}

extension Call {
    /// Whether the latest turn of the assistant calls a tool, and does not begin with a thought.
    fileprivate var goesOnWithoutThought: Bool {
        guard let parts = turns.last(where: { $0.role == .assistant })?.parts else { return false }
        switch (parts.first?.content, parts.last?.content) {
        case (.thinking, _), (.redactedThinking, _): return false
        case (_, .toolCall): return true
        default: return false
        }
    }
}
