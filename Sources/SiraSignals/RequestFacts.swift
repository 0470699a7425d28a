package import SiraCore

/// What a request shows of itself, which rules and the choice of a tier go by.
///
/// Worked out only where something asks for it.
package struct RequestFacts: Sendable {
    /// The model's name as the client wrote it, without an objective.
    package var model = ""
    /// The ``Operation`` label, such as `chat`.
    package var operation = ""
    /// The name of the caller's key; empty when none was asked for.
    package var key = ""
    package var tags: [String] = []
    /// Names in lower case.
    package var headers: [String: String] = [:]
    package var isStream = false
    /// About how many tokens the prompt has.
    package var promptTokens = 0
    /// The most tokens of the answer, where the client says.
    package var outputLimit: Int?
    /// Turns of the conversation so far, without the instructions.
    package var turns = 0
    package var hasImages = false
    package var hasAudio = false
    package var hasFiles = false
    package var tools = 0
    /// Whether the answer must be JSON.
    package var wantsJSON = false
    /// Whether the client wants the model to think.
    package var wantsReasoning = false
    /// The share of the prompt that is code, 0 to 1.
    package var codeShare = 0.0
    package var language = Language.other
    package var task = Task.other
    /// Who asks, as the client calls them; empty where it does not say.
    package var user = ""
    /// What requests of one conversation have in common; empty where the client does not say.
    package var session = ""
    /// A hash of the prompt's beginning, which a provider's cache of prompts would find again.
    package var prefix: UInt64 = 0
    package var time = Timestamp(microseconds: 0)

    /// The language of most of the user's words.
    package enum Language: String, Sendable, CaseIterable {
        case english = "en"
        case chinese = "zh"
        case japanese = "ja"
        case korean = "ko"
        case other
    }

    /// What the user wants done, as far as words tell.
    package enum Task: String, Sendable, CaseIterable {
        case chat, code, math, reasoning, translation, summary, extraction, classification, writing, other
    }

    package init() {}
}
