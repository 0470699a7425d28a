/// What is either so or not.
enum FlagFact: String, Hashable, Sendable, CaseIterable {
    case images, audio, files, json, reasoning, stream

    func value(_ facts: RequestFacts) -> Bool {
        switch self {
        case .images: facts.hasImages
        case .audio: facts.hasAudio
        case .files: facts.hasFiles
        case .json: facts.wantsJSON
        case .reasoning: facts.wantsReasoning
        case .stream: facts.isStream
        }
    }

    /// Whether only the body tells.
    var needsCall: Bool { self != .stream }
}

/// What is counted.
enum NumberFact: String, Hashable, Sendable, CaseIterable {
    case tokens, turns, tools, code
    case outputLimit = "output_limit"

    /// The number; nil where the request does not say.
    func value(_ facts: RequestFacts) -> Double? {
        switch self {
        case .tokens: Double(facts.promptTokens)
        case .turns: Double(facts.turns)
        case .tools: Double(facts.tools)
        case .code: facts.codeShare
        case .outputLimit: facts.outputLimit.map { Double($0) }
        }
    }
}

/// What is a text.
enum TextFact: String, Hashable, Sendable, CaseIterable {
    case model, operation, key, language, task, user, session

    func value(_ facts: RequestFacts) -> String {
        switch self {
        case .model: facts.model
        case .operation: facts.operation
        case .key: facts.key
        case .language: facts.language.rawValue
        case .task: facts.task.rawValue
        case .user: facts.user
        case .session: facts.session
        }
    }

    /// Whether only the body tells.
    var needsCall: Bool {
        switch self {
        case .model, .operation, .key: false
        case .language, .task, .user, .session: true
        }
    }
}

/// The names of the language, as errors list them.
enum ExpressionNames {
    static let all: [String] =
        TextFact.allCases.map(\.rawValue) + ["tags"] + NumberFact.allCases.map(\.rawValue)
        + FlagFact.allCases.map(\.rawValue) + ["header.x-name", "hour", "weekday"]

    /// What may be mistaken for a name.
    static let words = ["and", "or", "not", "in", "matches", "contains", "true", "false"]
}
