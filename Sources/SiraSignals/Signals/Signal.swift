/// One thing that a request shows and that speaks for or against tiers.
///
/// A signal looks at facts alone, gives the same reading for the same facts, and takes microseconds.
package protocol Signal: Sendable {
    /// What it is called in records, such as `length`.
    var name: String { get }

    /// What it says to a request.
    func read(_ facts: RequestFacts) -> Reading
}

/// The signals that there are.
package enum Signals {
    /// In the order in which records list them.
    package static let all: [any Signal] = [
        LengthSignal(), OutputSignal(), CodeSignal(), TaskSignal(), ImageSignal(), MediaSignal(), ToolSignal(),
        JSONSignal(), ReasoningSignal(), ConversationSignal(), LanguageSignal(),
    ]
}
