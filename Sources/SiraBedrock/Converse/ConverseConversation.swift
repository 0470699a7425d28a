internal import SiraCore
internal import SiraWire

/// A conversation as Converse wants it: instructions apart, turns of user and assistant by turns, nothing empty.
struct ConverseConversation {
    private(set) var system: [Part] = []
    private(set) var turns: [Turn] = []
    /// What was left out.
    private(set) var dropped: [String] = []

    /// - Throws: `unsupportedFeature` for parts that stand where the protocol cannot have them; `invalidField` when
    ///   nothing is left to answer.
    init(_ call: Call) throws(GatewayError) {
        for turn in call.turns { try add(turn) }
        guard !turns.isEmpty else {
            throw GatewayError(
                .invalidField,
                "This model needs at least one message that is not empty and not an instruction.",
                field: "messages"
            )
        }
        for index in turns.indices where turns[index].role == .user {
            // Results must stand before anything else that the user says.
            let parts = turns[index].parts
            turns[index].parts = parts.filter(\.isToolResult) + parts.filter { !$0.isToolResult }
        }
        trimEnd()
    }

    private mutating func add(_ turn: Turn) throws(GatewayError) {
        if turn.name != nil { dropped.append(turn.path + ".name") }
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
            case .toolCall:
                guard turn.role == .assistant else { throw misplaced(part) }
                parts.append(part)
            case .image, .document, .audio:
                guard turn.role != .instructions else { throw misplaced(part) }
                parts.append(part)
            case .toolResult:
                guard turn.role == .user else { throw misplaced(part) }
                parts.append(part)
            case .native(let dialect, _):
                guard dialect == .bedrock else { throw misplaced(part) }
                parts.append(part)
            }
        }
        guard !parts.isEmpty else { return }
        if turn.role == .instructions {
            system += parts
        } else if turns.last?.role == turn.role {
            turns[turns.count - 1].parts += parts
        } else {
            turns.append(Turn(role: turn.role, parts: parts, path: turn.path))
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
    /// A model that is to think cannot go on from there.
    var lacksThoughtBeforeTools: Bool {
        guard let turn = turns.last(where: { $0.role == .assistant }), turns.last?.role == .user,
            turn.parts.contains(where: \.isToolCall)
        else { return false }
        switch turn.parts.first?.content {
        case .thinking, .redactedThinking: return false
        default: return true
        }
    }

    /// The names of the tools that have been called, each once, in the order of their first calls.
    var calledTools: [String] {
        var names: [String] = []
        for part in turns.flatMap(\.parts) {
            if case .toolCall(let call) = part.content, !names.contains(call.name) { names.append(call.name) }
        }
        return names
    }

    /// Whether tools have been called or have answered, which the protocol allows only where tools are declared.
    var speaksOfTools: Bool { turns.contains { $0.parts.contains { $0.isToolCall || $0.isToolResult } } }
}

extension Part {
    fileprivate var isToolResult: Bool {
        if case .toolResult = content { true } else { false }
    }

    fileprivate var isToolCall: Bool {
        if case .toolCall = content { true } else { false }
    }
}
