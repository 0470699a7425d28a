package import SiraCore

extension GatewayError {
    /// What a provider's answer with an error status means.
    ///
    /// - Parameters:
    ///   - status: the HTTP status, or the one that an error inside a stream stands for.
    ///   - message: what the provider said. Shown to the client except where it speaks of the operator's account.
    package static func refusal(status: Int, saying message: String?) -> GatewayError {
        let said = message.map { $0.count > longestMessage ? $0.prefix(longestMessage) + "…" : $0 }
        switch status {
        case 401, 402, 403:
            return accountRefusal(status: status)
        case 429:
            return GatewayError(
                .upstreamRateLimited,
                "The provider limits the gateway's requests for now (status 429). Try again later.",
                upstreamStatus: status
            )
        case 408, 500...:
            return GatewayError(
                .upstreamFailed,
                said.map { "The provider failed (status \(status)): \($0)" }
                    ?? "The provider failed (status \(status)).",
                upstreamStatus: status
            )
        case 400..<500 where isOfWrongPath(status: status, saying: message):
            return GatewayError(
                .upstreamProtocol,
                "The provider has nothing at the path of this request (status \(status)), so its base URL is probably "
                    + "wrong. The gateway's operator must check base_url of this provider.",
                upstreamStatus: status
            )
        case 400..<500:
            return GatewayError(
                .upstreamRejected,
                said ?? "The provider refused the request (status \(status)) and did not say why.",
                upstreamStatus: status
            )
        default:
            return GatewayError(
                .upstreamProtocol,
                "The provider answered with status \(status), which is not expected here.",
                upstreamStatus: status
            )
        }
    }

    /// Whether a provider's answer says that it has nothing at the path of the request, and not that the request asks
    /// for something, such as a model, which it has not.
    ///
    /// - Parameter message: what the protocol's error says; nil when the body is not such an error.
    private static func isOfWrongPath(status: Int, saying message: String?) -> Bool {
        if status == 405 { return true }
        guard status == 404 else { return false }
        guard let words = message?.lowercased() else { return true }
        let whole = words.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
        return ["not found", "404", "404 not found", "page not found", "404 page not found"].contains(whole)
            || ["invalid url", "unknown request url", "no route", "cannot post"].contains { words.hasPrefix($0) }
    }

    /// What it means that a provider does not serve the operator's account: a wrong key, or no credit left.
    package static func accountRefusal(status: Int) -> GatewayError {
        GatewayError(
            .upstreamAuthentication,
            "The provider refused the gateway's own credential (status \(status)). "
                + "The gateway's operator must check the key configured for this provider, and the account's credit.",
            upstreamStatus: status
        )
    }

    /// Characters of a provider's message that are passed on: some repeat whole requests.
    private static let longestMessage = 1_000
}
