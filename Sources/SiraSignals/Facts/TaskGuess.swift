/// What someone wants done, by the words they say it with.
///
/// Words at either end of a prompt count for more: that is where people say what is to be done with the rest.
enum TaskGuess {
    /// How near to an end a phrase must be to count in full.
    private static let edge = 200

    static func task(of text: [UInt8], codeShare: Double) -> RequestFacts.Task {
        guard !text.isEmpty else { return .other }
        var scores = Scores()
        text.withUnsafeBufferPointer { text in
            PhraseBook.tasks.search(text) { phrase, at in
                let isAtEdge = at < edge || at >= text.count - edge
                scores[phrase.task] += isAtEdge ? phrase.weight * 4 : phrase.weight
            }
        }
        if codeShare > 0.3 { scores[.code] += 12 }
        scores[.math] += min(8, mathMarks(in: text))
        // Small talk is short.
        if text.count > 300 { scores[.chat] = scores[.chat] / 4 }
        return scores.winner
    }

    /// Digits and signs of arithmetic where there are many for the length of the text.
    private static func mathMarks(in text: [UInt8]) -> Int {
        var marks = 0
        for byte in text.prefix(1_000) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "^"),
                UInt8(ascii: "$"), UInt8(ascii: "\\"):
                marks += 1
            default: break
            }
        }
        let share = marks * 100 / min(1_000, text.count)
        return marks < 3 ? 0 : min(8, share)
    }
}

/// One number for each task.
private struct Scores {
    private var values = [Int](repeating: 0, count: 10)

    subscript(task: RequestFacts.Task) -> Int {
        get { values[Self.place(task)] }
        set { values[Self.place(task)] = newValue }
    }

    /// The task with the highest score; where two are level, the one whose words say more.
    var winner: RequestFacts.Task {
        var (best, most) = (RequestFacts.Task.other, 0)
        for task in Self.order where self[task] > most { (best, most) = (task, self[task]) }
        return best
    }

    private static let order: [RequestFacts.Task] = [
        .translation, .summary, .extraction, .classification, .code, .writing, .math, .reasoning, .chat,
    ]

    private static func place(_ task: RequestFacts.Task) -> Int {
        switch task {
        case .chat: 0
        case .code: 1
        case .math: 2
        case .reasoning: 3
        case .translation: 4
        case .summary: 5
        case .extraction: 6
        case .classification: 7
        case .writing: 8
        case .other: 9
        }
    }
}
