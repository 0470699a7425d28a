import SiraTokens
import Testing

@Suite struct TokenizerModelTests {
    @Test(arguments: [
        ("gpt-4o-mini", "o200k_base"), ("gpt-4.1", "o200k_base"), ("gpt-4.5-preview", "o200k_base"),
        ("gpt-5-nano", "o200k_base"), ("o3-mini", "o200k_base"), ("openai/gpt-4o", "o200k_base"),
        ("gpt-4", "cl100k_base"), ("gpt-4-turbo", "cl100k_base"), ("openai/gpt-3.5-turbo", "cl100k_base"),
        ("gpt-35-turbo", "cl100k_base"), ("text-embedding-3-small", "cl100k_base"),
        ("claude-sonnet-4-5", "o200k_base"), ("", "o200k_base"), ("/", "o200k_base"),
    ])
    func `a model's tokenizer is told by its name`(model: String, vocabulary: String) {
        #expect(Tokenizer(model: model).name == vocabulary)
    }
}
