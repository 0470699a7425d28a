import SiraJSON
import SiraWire

/// What a prompt consists of, without a look at its words.
struct PromptTally {
    var turns = 0
    var instructionBytes = 0
    var conversationBytes = 0
    /// Tokens of all that is not text of turns.
    var tokens = 0
    var hasImages = false
    var hasAudio = false
    var hasFiles = false

    mutating func count(_ turn: Turn) {
        if turn.role != .instructions { turns += 1 }
        tokens += TokenEstimate.perTurn
        for part in turn.parts { count(part, isInstruction: turn.role == .instructions, depth: 0) }
    }

    /// Schemas are text, mostly of ASCII, that providers write out for the model more tersely than they came.
    mutating func count(_ tools: [Tool], _ format: OutputFormat) {
        for tool in tools {
            switch tool {
            case .function(let function):
                let bytes = function.name.utf8.count + (function.description?.utf8.count ?? 0)
                tokens += TokenEstimate.perTurn + (bytes + (function.parameters?.bytes.count ?? 0)) / 4
            case .native(_, _, let definition, _): tokens += definition.bytes.count / 4
            }
        }
        if case .jsonSchema(let schema) = format { tokens += schema.schema.bytes.count / 4 }
    }

    private mutating func count(_ part: Part, isInstruction: Bool, depth: Int) {
        switch part.content {
        case .text(let text), .refusal(let text):
            if isInstruction { instructionBytes += text.utf8.count } else { conversationBytes += text.utf8.count }
        case .thinking(let thought): conversationBytes += thought.text.utf8.count
        case .redactedThinking(let text): tokens += text.utf8.count / 6
        case .toolCall(let call): tokens += (call.name.utf8.count + call.arguments.utf8.count) / 4
        case .toolResult(let result):
            // Results do not hold results; whoever sends such a thing gains nothing by it.
            guard depth < 2 else { return }
            for part in result.parts { count(part, isInstruction: isInstruction, depth: depth + 1) }
        case .image(_, let detail):
            hasImages = true
            tokens += TokenEstimate.image(detail: detail)
        case .audio(let media):
            hasAudio = true
            tokens += TokenEstimate.audio(media)
        case .document(let document):
            hasFiles = true
            switch document.source {
            case .text(let text): conversationBytes += text.utf8.count
            case .media(let media): tokens += TokenEstimate.file(media)
            }
        case .native(_, let block): tokens += block.bytes.count / 4
        }
    }
}
