/// What carries requests to Stripe.
package protocol StripeTransport: Sendable {
    /// Sends a request to ``StripeSettings/baseURL`` with the header fields of ``StripeRequest/headers(_:)``, and gives
    /// whatever answer comes.
    ///
    /// - Throws: when there is none; the same request may then be sent again.
    func send(_ request: StripeRequest, _ settings: StripeSettings) async throws -> (status: Int, body: [UInt8])
}
