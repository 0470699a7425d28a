/// What a model is for.
package enum ModelKind: String, Sendable, CaseIterable {
    case chat, completion, embedding, image, transcription, speech, realtime, rerank, ocr, moderation
}

/// What a model can do, beyond text in and text out.
package struct Capabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let tools = Capabilities(rawValue: 1 << 0)
    package static let parallelTools = Capabilities(rawValue: 1 << 1)
    package static let toolChoice = Capabilities(rawValue: 1 << 2)
    package static let vision = Capabilities(rawValue: 1 << 3)
    package static let audioInput = Capabilities(rawValue: 1 << 4)
    package static let audioOutput = Capabilities(rawValue: 1 << 5)
    package static let videoInput = Capabilities(rawValue: 1 << 6)
    package static let pdf = Capabilities(rawValue: 1 << 7)
    package static let reasoning = Capabilities(rawValue: 1 << 8)
    package static let jsonSchema = Capabilities(rawValue: 1 << 9)
    package static let promptCache = Capabilities(rawValue: 1 << 10)
    package static let webSearch = Capabilities(rawValue: 1 << 11)
    package static let systemPrompt = Capabilities(rawValue: 1 << 12)
    package static let computerUse = Capabilities(rawValue: 1 << 13)

    /// The catalogue's word for each, in the order of the bits.
    private static let words: [String] = [
        "tools", "parallel_tools", "tool_choice", "vision", "audio_in", "audio_out", "video_in", "pdf", "reasoning",
        "json_schema", "prompt_cache", "web_search", "system", "computer_use",
    ]

    /// The capability of this word; nil when there is none.
    package init?(word: String) {
        guard let bit = Self.words.firstIndex(of: word) else { return nil }
        self.init(rawValue: 1 << UInt32(bit))
    }

    /// The words of what is in the set.
    package var words: [String] {
        Self.words.enumerated().filter { rawValue & 1 << UInt32($0.offset) != 0 }.map(\.element)
    }
}
