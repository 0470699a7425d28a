internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension [AnswerEvent] {
    /// What the events add up to, a line for each thing, for comparing answers that came in different pieces.
    ///
    /// Pieces of one part are one line; parts are numbered in the order of their lines within a choice; the last figures
    /// stand at the end, wherever they came.
    package var folded: [String] {
        var answer = FoldedAnswer()
        for event in self { answer.add(event) }
        return answer.lines
    }
}

/// What events add up to.
private struct FoldedAnswer {
    private struct Line {
        var choice: Int
        var part: Int
        var kind: String
        var text: String
    }

    private var choice = 0
    private var pieces: [Line] = []
    private var stops: [String] = []
    private var usage: String?

    var lines: [String] {
        var numbers: [Int: Int] = [:]
        let written = pieces.sorted { $0.choice < $1.choice }.map { line in
            let number = numbers[line.part, default: numbers.count]
            numbers[line.part] = number
            let isArguments = line.kind == "arguments"
            return "\(line.choice).\(number) \(line.kind) \(isArguments ? RawJSON(line.text).canonical : line.text)"
        }
        return written + stops.sorted() + (usage.map { [$0] } ?? [])
    }

    mutating func add(_ event: AnswerEvent) {
        switch event {
        case .start: break
        case .choice(let number): choice = number
        case .text(let part, let text): append("text", part, text)
        case .refusal(let part, let text): append("refusal", part, text)
        case .thinking(let part, let text): append("thinking", part, text)
        case .signature(let part, let text): append("signature", part, text)
        case .redactedThinking(let part, let text): append("redacted", part, text)
        case .toolCall(let part, let id, let name): append("call", part, "\(id) \(name)")
        case .toolArguments(let part, let text): append("arguments", part, text)
        case .audio(let part, let text): append("audio", part, text)
        case .transcript(let part, let text): append("transcript", part, text)
        case .citation(let part, let citation):
            let place = citation.document.map { " document \($0)" } ?? ""
            append("citation", part, "[\(citation.url ?? "") \(citation.title ?? "") \(citation.quote ?? "")\(place)]")
        case .logprobs(let part, let tokens):
            append("logprobs", part, tokens.map { "\($0.token)=\($0.logprob)\($0.alternatives.map(\.token))" }.joined())
        case .media(let part, let media): append("media", part, "[\(media)]")
        case .native(let part, let dialect, let raw): append("native \(dialect)", part, raw.canonical)
        case .usage(let figures):
            usage = "usage \(figures.usage)"
        case .stop(let reason): stops.append("\(choice) stop \(reason)")
        case .failure(let error): stops.append("\(choice) failure \(error.code.rawValue)")
        }
    }

    private mutating func append(_ kind: String, _ part: Int, _ text: String) {
        let known = pieces.lastIndex { $0.choice == choice && $0.part == part && $0.kind == kind }
        if let known {
            pieces[known].text += text
        } else {
            pieces.append(Line(choice: choice, part: part, kind: kind, text: text))
        }
    }
}
