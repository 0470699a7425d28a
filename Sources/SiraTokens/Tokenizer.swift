/// Counts the tokens of texts as OpenAI's tiktoken does.
///
/// A text is cut into pieces, about words, and each piece into tokens of the vocabulary. Texts are text: what looks like
/// one of the special tokens, such as `<|endoftext|>`, is counted as it is written.
package struct Tokenizer: Sendable {
    /// The vocabulary's name in tiktoken.
    package let name: String
    private let table: RankTable
    private let rule: Rule

    /// How texts are cut into pieces.
    private enum Rule {
        case cl100k, o200k
    }

    /// What was counted of a text.
    struct Measure {
        var tokens = 0
        /// The bytes of the text that these tokens are.
        var bytes = 0
        /// How often the vocabulary was asked for that.
        var lookups = 0
    }

    /// Of GPT-4, GPT-3.5 and OpenAI's embeddings: 100,256 tokens.
    package static let cl100k = Tokenizer(name: "cl100k_base", table: .cl100k, rule: .cl100k)
    /// Of OpenAI's models since GPT-4o: 199,998 tokens.
    package static let o200k = Tokenizer(name: "o200k_base", table: .o200k, rule: .o200k)

    private init(name: String, table: RankTable, rule: Rule) {
        (self.name, self.table, self.rule) = (name, table, rule)
    }

    /// How many tokens a text is.
    ///
    /// Time grows with the text's length n as n·log n at most, memory with the longest piece, which is a word in whatever
    /// was written to be read.
    package func count(_ text: String) -> Int {
        measure(text).tokens
    }

    /// The ids of a text's tokens, which are their ranks.
    package func ids(_ text: String) -> [UInt32] {
        var ids: [UInt32] = []
        _ = Self.withBytes(of: text) { walk($0, limit: .max) { ids.append($0) } }
        return ids
    }

    /// Counts the tokens of a text, or of its beginning.
    ///
    /// - Parameter limit: about how often the vocabulary may be asked; a piece that would take more is cut.
    func measure(_ text: String, limit: Int = .max) -> Measure {
        Self.withBytes(of: text) { walk($0, limit: limit, nil) }
    }

    /// Calls `body` with every token and its id.
    func forEachToken(_ body: (_ token: UnsafeBufferPointer<UInt8>, _ id: UInt32) -> Void) {
        table.forEach(body)
    }

    /// Goes through a text, piece by piece.
    ///
    /// - Parameter take: gets each token's rank, where these are wanted.
    private func walk(
        _ bytes: UnsafeBufferPointer<UInt8>,
        limit: Int,
        _ take: ((UInt32) -> Void)?
    ) -> Measure {
        var merging = PairMerging()
        var measure = Measure()
        while measure.bytes < bytes.count, measure.lookups < limit {
            let begin = measure.bytes
            // Merging asks up to three times a byte. What lies beyond is not even looked at for where the piece ends.
            var most = min(bytes.count, begin + max(table.longest, (limit - measure.lookups) / 3))
            // A cut is between characters: half a one would look like another piece.
            while most < bytes.count, bytes[most] & 0xC0 == 0x80 { most -= 1 }
            let scanner = TextScanner(bytes: UnsafeBufferPointer(rebasing: bytes[..<most]))
            let end = rule == .o200k ? scanner.o200kPiece(from: begin) : scanner.cl100kPiece(from: begin)
            let isCut = end >= most && most < bytes.count
            measure.bytes = min(end, most)
            defer { if isCut { measure.lookups = max(measure.lookups, limit) } }
            let piece = UnsafeBufferPointer(rebasing: bytes[begin..<measure.bytes])
            measure.lookups += 1
            if let rank = table.rank(of: piece) {
                measure.tokens += 1
                take?(rank)
            } else {
                let merged = merging.merge(piece, table)
                measure.tokens += merged.tokens
                measure.lookups += merged.lookups
                guard let take else { continue }
                merging.forEach(in: piece) { token in
                    if let rank = table.rank(of: token) { take(rank) }
                }
            }
        }
        return measure
    }

    private static func withBytes<Result>(
        of text: String,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        // What is not in Swift's own form is copied into it.
        text.utf8.withContiguousStorageIfAvailable(body) ?? Array(text.utf8).withUnsafeBufferPointer(body)
    }
}
