package import SiraCore

/// A conversation as Anthropic's models want it, whoever serves them: instructions apart, turns of user and assistant
/// by turns, nothing empty, results of tools before all else that the user says.
package struct AlternatingTurns: Sendable {
    package private(set) var system: [Part] = []
    package private(set) var turns: [Turn] = []
    /// The JSON paths, in the client's request, of what was left out.
    package private(set) var dropped: [String] = []
    private let rules: Rules

    /// In what the protocols of those who serve the models differ.
    package struct Rules: Sendable {
        /// The protocol whose own blocks pass as they are.
        package var dialect: WireProtocol
        /// Whether sound can be said.
        package var takesAudio: Bool
        /// Whether pictures, sound and documents may stand in the assistant's turns.
        package var takesAssistantMedia: Bool

        package init(dialect: WireProtocol, takesAudio: Bool, takesAssistantMedia: Bool) {
            self.dialect = dialect
            self.takesAudio = takesAudio
            self.takesAssistantMedia = takesAssistantMedia
        }
    }

    /// - Throws: `unsupportedFeature` for parts that stand where the protocol cannot have them, and for an answer that
    ///   the client has begun and the model refuses to go on with; `invalidField` when nothing is left to answer.
    package init(_ call: Call, _ rules: Rules, _ traits: ModelTraits) throws(GatewayError) {
        self.rules = rules
        for turn in call.turns { try add(turn) }
        guard let last = turns.last else {
            throw GatewayError(
                .invalidField,
                "This model needs at least one message that is not empty and not an instruction.",
                field: "messages"
            )
        }
        guard !last.isBegunAnswer || !traits.refuses.contains(.prefill) else {
            throw GatewayError(
                .unsupportedFeature,
                "This model cannot go on with an answer that the client has begun: end with a message of the user's.",
                field: last.path
            )
        }
        for index in turns.indices where turns[index].role == .user {
            let parts = turns[index].parts
            turns[index].parts = parts.filter(\.isToolResult) + parts.filter { !$0.isToolResult }
        }
        trimEnd()
    }

    private mutating func add(_ turn: Turn) throws(GatewayError) {
        var parts: [Part] = []
        for part in turn.parts {
            switch part.content {
            case .text(let text), .refusal(let text):
                // Empty text is refused, and says nothing.
                guard text.contains(where: { !$0.isWhitespace }) else { continue }
                parts.append(Part(.text(text), path: part.path, cacheMark: part.cacheMark))
            case .thinking, .redactedThinking:
                // Anthropic's models refuse thoughts without their proof, and with another maker's.
                guard let own = part.provedThought(of: .anthropic) else {
                    dropped.append(part.path)
                    continue
                }
                guard turn.role == .assistant else { throw misplaced(part) }
                parts.append(own)
            case .audio where !rules.takesAudio:
                throw GatewayError(.unsupportedFeature, "This model does not listen to audio.", field: part.path)
            case .toolCall, .toolResult, .image, .document, .audio, .native:
                guard isInPlace(part, turn.role) else { throw misplaced(part) }
                parts.append(part)
            }
        }
        guard !parts.isEmpty else { return }
        if turn.name != nil { dropped.append(turn.path + ".name") }
        if turn.role == .instructions {
            system += parts
        } else if turns.last?.role == turn.role {
            turns[turns.count - 1].parts += parts
        } else {
            turns.append(Turn(role: turn.role, parts: parts, path: turn.path))
        }
    }

    private func isInPlace(_ part: Part, _ role: Turn.Role) -> Bool {
        switch part.content {
        case .toolCall, .thinking, .redactedThinking: role == .assistant
        case .toolResult: role == .user
        case .image, .document, .audio: role == .user || (role == .assistant && rules.takesAssistantMedia)
        case .native(let dialect, _): dialect == rules.dialect
        case .text, .refusal: true
        }
    }

    private func misplaced(_ part: Part) -> GatewayError {
        GatewayError(.unsupportedFeature, "This model cannot take such a part here.", field: part.path)
    }

    /// Takes white space from the end of an answer that the model is to go on with, where it would be refused.
    private mutating func trimEnd() {
        guard let last = turns.last, last.role == .assistant, let part = last.parts.last,
            case .text(var text) = part.content
        else { return }
        while text.last?.isWhitespace == true { text.removeLast() }
        turns[turns.count - 1].parts[last.parts.count - 1].content = .text(text)
    }

    /// Whether the latest turn of the assistant called tools without the thought that led to it.
    ///
    /// A model that is to think a number of tokens cannot go on from there.
    package var lacksThoughtBeforeTools: Bool {
        guard let turn = turns.last(where: { $0.role == .assistant }), turns.last?.role == .user,
            turn.parts.contains(where: \.isToolCall)
        else { return false }
        switch turn.parts.first?.content {
        case .thinking, .redactedThinking: return false
        default: return true
        }
    }

    /// The names of the tools that have been called, each once, in the order of their first calls.
    package var calledTools: [String] {
        var names: [String] = []
        for part in turns.flatMap(\.parts) {
            if case .toolCall(let call) = part.content, !names.contains(call.name) { names.append(call.name) }
        }
        return names
    }

    /// Whether tools have been called or have answered.
    package var speaksOfTools: Bool { turns.contains { $0.parts.contains { $0.isToolCall || $0.isToolResult } } }
}

extension Turn {
    /// Whether it is an answer for the model to go on with.
    ///
    /// One that ends with a provider's own block is a long turn that was interrupted, which every model goes on with.
    fileprivate var isBegunAnswer: Bool {
        guard role == .assistant else { return false }
        if case .native? = parts.last?.content { return false }
        return true
    }
}

extension Part {
    fileprivate var isToolResult: Bool {
        if case .toolResult = content { true } else { false }
    }

    fileprivate var isToolCall: Bool {
        if case .toolCall = content { true } else { false }
    }
}
