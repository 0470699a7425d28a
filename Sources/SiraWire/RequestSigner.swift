package import SiraCore

/// Makes a request acceptable to a provider that wants more than a fixed header field.
package protocol RequestSigner: Sendable {
    /// Whether what it adds depends on the body, so that all of the body has to be there.
    var signsBody: Bool { get }

    /// Adds what shows who calls: a signature over the request, or a token that is fetched and kept until it expires.
    ///
    /// The request is complete otherwise.
    ///
    /// - Parameter transport: the lane's own, for fetching a token.
    /// - Throws: an error with blame `upstream` when there is no token to be had.
    nonisolated(nonsending) func sign(
        _ request: inout UpstreamRequest,
        at time: Timestamp,
        through transport: any Transport
    ) async throws(GatewayError)
}

extension RequestSigner {
    package var signsBody: Bool { true }
}
