/// A company or a customer: what is billed, and what shares nothing with others.
package struct Organization: Resource {
    package static let kind = ResourceKind.organization
    package static let summary = "A company or a customer: what is billed, and what shares nothing with others."

    package var name = ""
    /// Whether its requests are served.
    package var isActive = true
    /// The plan it is on; nil is none, and nothing is withheld.
    package var plan: String?
    /// Whether its requests are paid from credit that was bought before.
    package var isPrepaid = false
    /// The currency of its invoices, ISO 4217.
    package var currency = "USD"
    package var billingEmail: String?
    package var tags: [String] = []

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField("name", \.name, .text(1...200), isRequired: true, "What people call it.")
        GroupField("active", \.isActive, .boolean, "Whether its requests are served.")
        GroupField("plan", \.plan, .id(of: .plan), "The plan it is on; without one nothing is withheld.")
        GroupField("prepaid", \.isPrepaid, .boolean, "Whether requests are refused once its credit is used up.")
        GroupField("currency", \.currency, .currency, "The currency of its invoices, ISO 4217.")
        GroupField("billing_email", \.billingEmail, .email, "Where invoices are sent.")
        GroupField("tags", \.tags, .tags, "Words under which all its requests are counted.")
    }
}

extension FieldKind where Value == String {
    /// Three capital letters.
    package static var currency: Self {
        text(3...3).map(
            { $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? $0 : nil },
            orSay: "must be the code of a currency, such as USD or CNY",
            back: { $0 }
        )
    }

    /// An address of e-mail, as far as its form tells.
    package static var email: Self {
        text(3...254).map(
            { text in
                let halves = text.split(separator: "@", omittingEmptySubsequences: false)
                let isAddress =
                    halves.count == 2 && !halves[0].isEmpty && halves[1].contains(".")
                    && !text.contains(where: { " <>,;\"()".contains($0) })
                return isAddress ? text : nil
            },
            orSay: "must be an address of e-mail, such as anna@example.com",
            back: { $0 }
        )
    }
}

extension FieldKind where Value == [String] {
    /// Words for reports.
    package static var tags: Self {
        list(
            FieldKind<String>.text(1...APIKey.tagBytes).map(
                { $0.contains(":") ? nil : $0 },
                orSay: "must not hold a colon, which stands in tags that the gateway makes, such as user:anna",
                back: { $0 }
            ),
            0...APIKey.tagLimit
        )
    }
}
