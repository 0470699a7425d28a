import Logging
import SiraAdmin
import SiraBilling
import SiraConfiguration
import SiraCore
import SiraSQLite
import SiraStorage

/// Billing as the admin listener shows it, put together by the settings in force.
struct BillingAssembly: Sendable {
    let database: SQLiteDatabase
    let settlement: Settlement
    let clock: GatewayClock
    let logger: Logger
    /// The settings in force.
    let settings: @Sendable () -> BillingSettings

    func source(desk: ResourceDesk) -> BillingSource {
        BillingSource(
            desk: desk,
            audit: database.audit,
            settlement: settlement,
            documents: database.documents,
            invoices: database.invoices,
            clock: clock,
            plans: { [database] in try await PlanTerms.all(in: database.resources) },
            till: { stripe.map { StripeTill(transport: StripeCarrier(), desk: $0) } },
            seller: {
                let seller = settings().seller
                return InvoiceDraft.Party(name: seller.name, lines: seller.lines)
            }
        )
    }

    var webhook: StripeWebhook { StripeWebhook(clock: clock) { stripe } }

    /// Nil where Stripe is not set up, or not in full.
    private var stripe: StripeDesk? {
        let settings = settings().stripe
        guard let key = settings.secretKey, let success = settings.successURL else { return nil }
        do {
            return StripeDesk(
                settings: try StripeSettings(
                    baseURL: settings.baseURL,
                    secretKey: key,
                    successURL: success,
                    cancelURL: settings.cancelURL ?? success,
                    prices: settings.prices
                ),
                signature: try StripeSignature(secrets: settings.webhookSecrets),
                documents: database.documents,
                books: settlement.books,
                plans: SubscriptionPlans(
                    desk: ResourceDesk(database, clock: clock),
                    documents: database.documents
                )
            )
        } catch {
            logger.error("billing.stripe cannot be used", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
