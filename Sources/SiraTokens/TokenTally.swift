/// The tokens of many texts, looked at as long as that does not take too long: the rest is taken to be like the
/// beginning.
package struct TokenTally {
    private let tokenizer: Tokenizer
    /// How often the vocabulary may still be asked.
    private var room: Int
    private var countedBytes = 0
    private var countedTokens = 0
    private var otherBytes = 0
    /// Tokens that are known without looking, such as those around a message.
    package var fixed = 0

    /// - Parameter lookups: about how often the vocabulary is asked, which is what counting costs: a quarter of the
    ///   bytes of English prose, up to three times a byte of what has no words.
    package init(_ tokenizer: Tokenizer, lookups: Int) {
        self.tokenizer = tokenizer
        room = lookups
    }

    package mutating func add(_ text: String) {
        let bytes = text.utf8.count
        guard room > 0 else { return otherBytes += bytes }
        let measure = tokenizer.measure(text, limit: room)
        room -= measure.lookups
        countedTokens += measure.tokens
        countedBytes += measure.bytes
        otherBytes += bytes - measure.bytes
    }

    /// How many tokens there are in all.
    package var tokens: Int {
        guard otherBytes > 0, countedBytes > 0 else { return fixed + countedTokens }
        let share = Double(countedTokens) / Double(countedBytes)
        return fixed + countedTokens + Int((Double(otherBytes) * share).rounded())
    }
}
