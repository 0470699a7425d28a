import HTTPTypes
import Hummingbird
import Logging
import NIOCore
package import SiraBilling
package import SiraCore
import SiraJSON
import SiraStorage

/// Where Stripe tells of what has happened: without a token, and only with its signature.
package struct StripeWebhook: Sendable {
    /// Where the listener has it.
    static let path = "/stripe/webhook"
    /// The largest event.
    private static let limit = 1_048_576

    private let desk: @Sendable () -> StripeDesk?
    private let clock: GatewayClock

    /// - Parameter desk: nil while Stripe is not set up.
    package init(clock: GatewayClock, desk: @escaping @Sendable () -> StripeDesk?) {
        self.clock = clock
        self.desk = desk
    }

    func answer(_ request: Request, _ context: AdminContext) async -> Response {
        guard let desk = desk() else { return .refusal(.notFound, "not_found", "There is nothing at this path.") }
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: Self.limit).readableBytesView)
        } catch {
            return .refusal(.contentTooLarge, "body_too_large", "An event has no more than \(Self.limit) bytes.")
        }
        let header = HTTPField.Name("Stripe-Signature").flatMap { request.headers[$0] }
        do {
            let outcome = try await desk.handle(header: header, body: body, at: clock.now())
            if case .refused(let refusal) = outcome {
                context.logger.warning("an event of Stripe was not believed", metadata: ["reason": "\(refusal)"])
                return .refusal(.init(code: outcome.httpStatus), "not_believed", "\(refusal).")
            }
            return .json(Array(#"{"received":true}"#.utf8))
        } catch let failure as StripeSignature.Failure {
            return .refusal(.badRequest, "bad_signature", "\(failure).")
        } catch let error as DeskError {
            // Stripe tells of it again, and shows until then that it failed.
            context.logger.error("a subscription's plan could not be given", metadata: ["error": "\(error)"])
            return .refusal(.conflict, "unfit_state", "The plan could not be given; the gateway's log says why.")
        } catch let error as BillingError {
            return .refusal(.badRequest, "bad_event", "\(error).")
        } catch {
            context.logger.error("an event of Stripe could not be dealt with", metadata: ["error": "\(error)"])
            return .refusal(.internalServerError, "internal_error", "The event could not be dealt with; send it again.")
        }
    }
}
