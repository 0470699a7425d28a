import SiraCore

/// Thoughts that only their provider can read, which Bedrock writes as bytes in base 64, and Anthropic as the text that
/// those bytes are.
enum RedactedThought {
    /// What stands before data that are no text.
    private static let mark = "data:;base64,"

    /// The thought as Anthropic would write it, from Bedrock's base 64.
    static func data(of blob: String) -> String {
        guard let bytes = Base64.decoded(blob.utf8), let text = String(validating: bytes, as: UTF8.self),
            Base64.encoded(bytes) == blob, !text.hasPrefix(mark)
        else { return mark + blob }
        return text
    }

    /// Bedrock's base 64 of the thought.
    static func blob(of data: String) -> String {
        data.hasPrefix(mark) ? String(data.dropFirst(mark.count)) : Base64.encoded(Array(data.utf8))
    }
}
