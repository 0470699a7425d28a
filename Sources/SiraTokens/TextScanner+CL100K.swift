extension TextScanner {
    /// Where the piece ends that begins at an index, which must be before the text's end, as `cl100k_base` cuts.
    ///
    /// The pattern is tiktoken's (`tiktoken_ext/openai_public.py`), alternative by alternative:
    ///
    ///     '(?i:[sdmt]|ll|ve|re)
    ///     [^\r\n\p{L}\p{N}]?+\p{L}++
    ///     \p{N}{1,3}+
    ///      ?[^\s\p{L}\p{N}]++[\r\n]*+
    ///     \s++$
    ///     \s*[\r\n]
    ///     \s+(?!\S)
    ///     \s
    func cl100kPiece(from index: Int) -> Int {
        let contraction = contraction(at: index)
        if contraction > 0 { return index + contraction }
        let first = character(at: index)
        let word = first.kind.mayOpenWord ? index + first.length : index
        let end = end(of: { $0.contains(.letter) }, from: word)
        if end > word { return end }
        if let end = numbers(at: index) { return end }
        if let symbols = symbols(at: index) { return self.end(of: { $0.contains(.newline) }, from: symbols) }
        return spaces(at: index, takesAllAtEnd: true)
    }
}
