/// Pieces of a stream in OpenAI's protocol.
enum Sample {
    static func chunk(_ text: String) -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[{"index":0,"delta":{"content":""#
            + text + "\"}}]}\n\n"
    }

    /// 7 tokens in, 3 out.
    static let usageChunk =
        #"data: {"id":"c1","object":"chat.completion.chunk","model":"small","choices":[],"usage":{"prompt_tokens":7,"#
        + "\"completion_tokens\":3,\"total_tokens\":10}}\n\n"
    static let done = "data: [DONE]\n\n"
}
