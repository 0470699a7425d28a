extension TextScanner {
    /// Where the piece ends that begins at an index, which must be before the text's end, as `o200k_base` cuts.
    ///
    /// The pattern is tiktoken's (`tiktoken_ext/openai_public.py`), alternative by alternative:
    ///
    ///     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
    ///     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
    ///     \p{N}{1,3}
    ///      ?[^\s\p{L}\p{N}]+[\r\n/]*
    ///     \s*[\r\n]+
    ///     \s+(?!\S)
    ///     \s+
    func o200kPiece(from index: Int) -> Int {
        let first = character(at: index)
        if let end = word(at: index, first) { return end + contraction(at: end) }
        if let end = numbers(at: index) { return end }
        if let symbols = symbols(at: index) {
            var end = symbols
            while end < count, bytes[end] == 0x0A || bytes[end] == 0x0D || bytes[end] == UInt8(ascii: "/") { end += 1 }
            return end
        }
        return spaces(at: index, takesAllAtEnd: false)
    }

    /// The first two alternatives without what may follow a word; nil where neither fits.
    private func word(at index: Int, _ first: Character) -> Int? {
        if first.kind.contains(.letter) {
            let word = word(from: index)
            return word.withFollowing ?? word.leading
        }
        guard first.kind.mayOpenWord else { return nil }
        let word = word(from: index + first.length)
        if let end = word.withFollowing { return end }
        // A mark opens a word only where that makes the first alternative fit; it is a word by itself, too.
        if first.kind.isMark { return self.word(from: index).withFollowing }
        return word.leading
    }

    /// What of a word begins at an index: with at least one of the characters that follow in words, as the first
    /// alternative has it; or with leading ones alone.
    private func word(from index: Int) -> (withFollowing: Int?, leading: Int?) {
        var (at, afterBoth) = (index, Int?.none)
        while true {
            let next = character(at: at)
            guard next.kind.contains(.leading) else {
                if next.kind.contains(.following) { return (end(of: { $0.contains(.following) }, from: at), nil) }
                break
            }
            at += next.length
            if next.kind.contains(.following) { afterBoth = at }
        }
        // Nothing that only follows comes behind, so that one which may do both has to: the last one.
        return (afterBoth, at > index ? at : nil)
    }
}
