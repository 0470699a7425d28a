extension Tokenizer {
    /// The tokenizer by which a model's tokens are counted, or the nearest one that is public.
    ///
    /// OpenAI's models are told by their names, as tiktoken does (`tiktoken/model.py`). Of other makers' models, whose
    /// vocabularies are not here, `o200k_base` is the nearest: it is as large as theirs, and made for many languages.
    ///
    /// - Parameter model: the name at its provider, with or without its maker's in front, such as `openai/gpt-4o`.
    package init(model: String) {
        let name = model.split(separator: "/").last ?? ""
        let isOlder = Self.older.contains { name.hasPrefix($0) } && !Self.newer.contains { name.hasPrefix($0) }
        self = isOlder ? .cl100k : .o200k
    }

    /// Azure writes `gpt-35`.
    private static let older = ["gpt-4", "gpt-3.5", "gpt-35", "text-embedding-"]
    private static let newer = ["gpt-4o", "gpt-4.1", "gpt-4.5"]
}
