package import SiraCore

/// What tenants are charged for what a provider charges.
package struct PriceRule: Resource {
    package static let kind = ResourceKind.priceRule
    package static let summary = "What tenants are charged for what providers charge: a mark-up or a discount."

    package var scope = Scope.gateway
    /// Names of models as requests name them; empty is all.
    package var models: [ModelPattern] = []
    /// What costs are multiplied by, in billionths.
    package var multiplier: Int64 = 1_000_000_000
    /// What is charged for each request besides.
    package var perRequest = NanoUSD.zero

    package init() {}

    package static var fields: [GroupField<Self>] {
        GroupField(
            "scope",
            \.scope,
            .payer,
            isRequired: true,
            isFixed: true,
            "Who is charged so: gateway, or organization, team, project or key with its id. The narrowest one counts."
        )
        GroupField(
            "models",
            \.models,
            .list(.modelPattern, 0...100),
            "Names of models; none is all. A name goes before a pattern."
        )
        GroupField(
            "multiplier",
            \.multiplier,
            .decimal(0...1_000_000_000_000),
            "What costs are multiplied by: 1.2 is a mark-up of 20 %, 0.9 a discount of 10 %."
        )
        GroupField("per_request_usd", \.perRequest, .money(), "What is charged for each request besides.")
    }

    /// What a tenant is charged for that cost: the product rounded half to even, and what is charged per request.
    ///
    /// - Parameter isRequest: whether the cost is a request's, rather than that of one of its failed attempts.
    package func charge(for cost: NanoUSD, isRequest: Bool) -> NanoUSD {
        let product = Int128(cost.nanos) * Int128(multiplier)
        let divisor: Int128 = 1_000_000_000
        var (quotient, rest) = product.quotientAndRemainder(dividingBy: divisor)
        let twice = rest.magnitude * 2
        if twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0) {
            quotient += product < 0 ? -1 : 1
        }
        let share = NanoUSD(nanos: Int64(clamping: quotient))
        return isRequest ? share + perRequest : share
    }
}

extension FieldKind where Value == Int64 {
    /// A decimal number with at most nine digits after the point, held in billionths.
    package static func decimal(_ range: ClosedRange<Int64>) -> Self {
        FieldKind<NanoUSD>.money(signed: range.lowerBound < 0).map(
            { range.contains($0.nanos) ? $0.nanos : nil },
            orSay: "must lie between \(NanoUSD(nanos: range.lowerBound)) and \(NanoUSD(nanos: range.upperBound))",
            back: { NanoUSD(nanos: $0) }
        )
    }
}

extension FieldKind where Value == Scope {
    /// Those who can be charged.
    fileprivate static var payer: Self {
        var kind = scope.map(
            { [.gateway, .organization, .team, .project, .key].contains($0.kind) && !$0.isEach ? $0 : nil },
            orSay: "must be gateway, or an organization, team, project or key such as organization:org_4FqZ81bTx0k",
            back: { $0 }
        )
        kind.references = FieldKind.scope.references
        return kind
    }
}
