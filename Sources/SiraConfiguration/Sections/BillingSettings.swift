package import SiraCore

/// How organizations are charged.
package struct BillingSettings: Hashable, Sendable {
    /// Who invoices.
    package var seller = SellerSettings()
    /// Payments with Stripe.
    package var stripe = StripeSectionSettings()

    package init() {}
}

/// Who stands on invoices as the one who sends them.
package struct SellerSettings: Hashable, Sendable {
    package var name = "Sira"
    /// Address, tax number and what else the law wants.
    package var lines: [String] = []

    package init() {}
}

/// How Stripe is spoken to.
package struct StripeSectionSettings: Hashable, Sendable {
    /// Nil where payments are not taken.
    package var secretKey: Secret?
    package var webhookSecrets: [Secret] = []
    package var successURL: String?
    package var cancelURL: String?
    package var baseURL = "https://api.stripe.com"
    /// Stripe's price of each plan, by the plan's id.
    package var prices: [String: String] = [:]

    package init() {}
}

extension BillingSettings: SettingsSection {
    static var summary: String { "How organizations are charged for what they use." }

    static var fields: [Field<Self>] {
        Field("seller", \.seller, .section(), "Who stands on invoices as the one who sends them.")
        Field("stripe", \.stripe, .section(), "Payments with Stripe; docs/billing.md tells how to set it up there.")
    }
}

extension SellerSettings: SettingsSection {
    static var summary: String { "Who stands on invoices as the one who sends them." }

    static var fields: [Field<Self>] {
        Field("name", \.name, .text, "The name.")
        Field(
            "lines",
            \.lines,
            .list(of: .text),
            example: "[1 Main Street, VAT DE123456789]",
            "Address, tax number and what else the law wants, a line each."
        )
    }
}

extension StripeSectionSettings: SettingsSection {
    static var summary: String { "Payments with Stripe." }

    static var fields: [Field<Self>] {
        Field(
            "secret_key",
            \.secretKey,
            .secret,
            absent: "no payments are taken with Stripe",
            example: "${STRIPE_SECRET_KEY}",
            variable: "STRIPE_SECRET_KEY",
            "The secret key, which begins with sk_ or rk_."
        )
        Field(
            "webhook_secrets",
            \.webhookSecrets,
            .list(of: .secret),
            example: "[\"${STRIPE_WEBHOOK_SECRET}\"]",
            "The webhook's secret, which begins with whsec_; both while one is being replaced. Events are believed only with it."
        )
        Field(
            "success_url",
            \.successURL,
            .baseURL,
            absent: "needed where there is a secret_key",
            example: "https://app.example.com/paid",
            "Where people go once they have paid."
        )
        Field(
            "cancel_url",
            \.cancelURL,
            .baseURL,
            absent: "that of success_url",
            example: "https://app.example.com/credit",
            "Where people go who have not paid."
        )
        // Nothing but the file may say where the key of the environment is sent.
        Field("base_url", \.baseURL, .baseURL, "Where Stripe's API is.").onlyInFile
        Field(
            "prices",
            \.prices,
            .map("plan", of: .name, name: { $0 }),
            example: "{plan_4FqZ81bTx0k: price_1RrX}",
            "The id of Stripe's price for each plan that can be subscribed to, by the plan's id."
        )
    }
}
