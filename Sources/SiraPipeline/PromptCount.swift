import SiraJSON
import SiraSignals
import SiraTokens
import SiraWire

/// The tokens of a prompt, counted by a tokenizer, for where nobody tells them.
///
/// Text is counted, and what stands around it in a conversation is added as OpenAI's cookbook says
/// (https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken). Pictures and recordings are taken to be of
/// the usual size: they are not looked into.
struct PromptCount {
    private var tally: TokenTally
    /// How often the vocabulary is asked, at most: about a millisecond's worth, which is 20 KB of English prose.
    private static let lookups = 10_000

    /// - Parameter model: its name, which says by which vocabulary it is counted.
    init(model: String) {
        tally = TokenTally(Tokenizer(model: model), lookups: Self.lookups)
    }

    var tokens: Int { tally.tokens }

    /// A text by itself.
    mutating func add(_ text: String) { tally.add(text) }

    /// A conversation, with the beginning of the answer that the model is asked for.
    mutating func add(_ call: Call) {
        for turn in call.turns {
            // Three tokens mark a message, and who speaks is a word.
            tally.fixed += 4
            if let name = turn.name {
                tally.fixed += 1
                tally.add(name)
            }
            for part in turn.parts { add(part, depth: 0) }
        }
        tally.fixed += 3
        for tool in call.tools { add(tool) }
        if case .jsonSchema(let schema) = call.outputFormat { add(schema.schema) }
    }

    /// What `prompt` or `input` is in OpenAI's older interfaces: a text, tokens, or a list of such.
    mutating func add(_ json: JSONValue) {
        if let text = json.string { return add(text) }
        if json.kind == .number { return tally.fixed += 1 }
        guard json.kind == .array else { return }
        for element in json.elements {
            switch element.kind {
            case .number: tally.fixed += 1
            case .array: tally.fixed += element.elements.reduce(0) { count, _ in count + 1 }
            default: if let text = element.string { add(text) }
            }
        }
    }

    private mutating func add(_ part: Part, depth: Int) {
        switch part.content {
        case .text(let text), .refusal(let text): add(text)
        case .thinking(let thought): add(thought.text)
        case .toolCall(let call):
            add(call.name)
            add(call.arguments)
        case .toolResult(let result):
            // Results do not hold results; whoever sends such a thing gains nothing by it.
            guard depth < 2 else { return }
            for part in result.parts { add(part, depth: depth + 1) }
        case .document(let document):
            switch document.source {
            case .text(let text): add(text)
            case .media(let media): tally.fixed += TokenEstimate.file(media)
            }
        case .image(_, let detail): tally.fixed += TokenEstimate.image(detail: detail)
        case .audio(let media): tally.fixed += TokenEstimate.audio(media)
        // Nobody here can read these: four bytes of JSON are about a token, and six of what is encrypted.
        case .redactedThinking(let text): tally.fixed += text.utf8.count / 6
        case .native(_, let block): tally.fixed += block.bytes.count / 4
        }
    }

    private mutating func add(_ tool: Tool) {
        switch tool {
        case .function(let function):
            tally.fixed += 4
            add(function.name)
            if let description = function.description { add(description) }
            if let parameters = function.parameters { add(parameters) }
        case .native(_, _, let definition, _): add(definition)
        }
    }

    private mutating func add(_ json: RawJSON) { add(String(decoding: json.bytes, as: UTF8.self)) }
}
