package import SiraCore

/// Why a provider would not take a request that another model may take.
package enum RefusalCause: Hashable, Sendable {
    /// The prompt is longer than the model's context.
    case contextLength
    /// The provider's filter objects to what the prompt says.
    case contentFilter

    /// What a provider's refusal is about; nil where it is about something else.
    ///
    /// Providers' codes differ and many send none, so that it goes by the words that they use.
    package init?(of error: GatewayError) {
        guard error.code == .upstreamRejected else { return nil }
        let words = error.message.lowercased()
        if Self.ofLength.contains(where: words.contains) {
            self = .contextLength
        } else if Self.ofContent.contains(where: words.contains) {
            self = .contentFilter
        } else {
            return nil
        }
    }

    private static let ofLength = [
        "context_length_exceeded", "maximum context length", "context length", "context window", "prompt is too long",
        "input is too long", "input token count", "too many tokens", "exceeds the maximum number of tokens",
        "reduce the length of", "prompt too long", "range of input length", "token limit",
    ]

    private static let ofContent = [
        "content management policy", "content_filter", "content filter", "content policy", "content_policy_violation",
        "data_inspection_failed", "inappropriate content", "content exists risk", "considered high risk",
        "safety system", "sensitive content", "不安全或敏感内容", "敏感信息",
    ]
}
