import SiraRouting
import SiraTenancy
import SiraCatalog
import SiraCore
import SiraPricing
import SiraStorage
import SiraWire

/// What an attempt has consumed, and how that is known.
struct Consumption {
    var usage = Usage()
    var basis = UsageBasis.none
    /// What the provider says that it charges for all of it.
    var charge: NanoUSD?
    /// The tier of service whose prices hold.
    var tier = ServiceTier.standard

    /// The request was sent, and nothing is known of what became of it.
    static let unknown = Consumption()

    /// The request was not sent, or the provider refused it.
    static let nothing = Consumption(usage: Usage(), basis: .refused)

    /// What an error answer means: only what it reports has been consumed.
    init(ofRefusal reported: ReportedUsage?) {
        self = reported.map(Consumption.init(ofComplete:)) ?? .nothing
    }

    /// The provider's figures for an answer that is complete.
    init(ofComplete reported: ReportedUsage) {
        usage = reported.usage
        basis = reported.isPartial ? .partial : .provider
        charge = reported.charge
        tier = reported.serviceTier.flatMap(ServiceTier.init(rawValue:)) ?? .standard
    }

    init(usage: Usage = Usage(), basis: UsageBasis = .none) {
        self.usage = usage
        self.basis = basis
    }
}

extension Answer {
    /// What the answer has consumed: the provider's figures, or as near as can be told where it gave none.
    ///
    /// - Parameters:
    ///   - error: nil when the answer is complete.
    ///   - asked: counts the tokens of what was asked; nil for a file, which tells nothing of tokens.
    ///   - said: counts those of an answer that came in one piece; nil where it says nothing in words.
    func consumption(
        _ error: GatewayError?,
        asked: @autoclosure () -> Int?,
        said: @autoclosure () -> Int? = nil
    ) -> Consumption {
        guard let reported = course.reported else {
            // A streamed event carries about one token. To count its text instead, the text would have to be read of
            // every stream, or kept, for the few that tell no figures.
            let events = course.contentEvents > 0 ? course.contentEvents : nil
            guard let output = (error == nil ? said() : nil) ?? events else { return .unknown }
            guard let input = asked() else {
                return Consumption(usage: Usage(input: 0, output: output), basis: .partial)
            }
            return Consumption(usage: Usage(input: input, output: output), basis: .estimated)
        }
        // What costs nothing costs no more for having been broken off.
        guard error != nil, reported != .free else { return Consumption(ofComplete: reported) }
        // Broken off: the figures are those of the beginning, and each event since then carried about one token.
        var usage = reported.usage
        usage.output = max(usage.output, course.contentEvents)
        var consumption = Consumption(usage: usage, basis: reported.lacksInput ? .partial : .estimated)
        consumption.tier = reported.serviceTier.flatMap(ServiceTier.init(rawValue:)) ?? .standard
        return consumption
    }
}

extension RequestContext {
    /// Enters into a line what the attempt has consumed, what that costs, and what the tenant is charged for it.
    func price(_ record: inout UsageRecord, _ consumption: Consumption, prices: PriceSheet?) {
        record.enter(consumption, prices: prices)
        // What nobody answered, or nobody asked for, is no request to be charged for.
        let isRequest = record.isFinal && consumption.basis != .refused && !inbound.matter.isFree
        record.charge = record.cost.map {
            standing?.charge(for: $0, model: record.requestedModel, isRequest: isRequest) ?? $0
        }
        // A copy is tried out by the operator, and no tenant has asked for it.
        if isShadow { record.charge = .zero }
        if record.usage.cacheRead > 0 || record.usage.cacheWrite > 0 || record.usage.cacheWriteLong > 0, let prices {
            record.cacheSavings = Tariff(prices).cacheSavings(of: record.usage, at: record.startedAt) ?? .zero
        }
        if record.isFinal, record.outcome == .ok, let cost = record.cost, let baseline = baselinePrices,
            let other = Tariff(baseline).cost(of: record.usage, at: record.startedAt)
        {
            record.routingSavings = other - cost
        }
    }
}

extension RequestContext {
    /// The prices of the model that the choice is compared with; nil where it is the one that answered, or none is.
    private var baselinePrices: PriceSheet? {
        guard let baseline = decision?.baseline, baseline.id != deployment?.id else { return nil }
        return plan?.candidates.first { $0.deployment.id == baseline.id }?.deployment.prices
    }
}

extension UsageRecord {
    /// Enters what the attempt has consumed and what that costs; where one of the two is not known, no cost.
    ///
    /// What a provider says that it charges goes before the catalogue's prices, and an operator's own prices before
    /// both.
    mutating func enter(_ consumption: Consumption, prices: PriceSheet?) {
        usage = consumption.usage
        usageBasis = consumption.basis
        let isOperators = prices?.period(at: startedAt)?.source == PricePeriod.configuration
        let charge = isOperators ? nil : consumption.charge
        switch usageBasis {
        case .refused: cost = .zero
        case .provider, .estimated:
            // Who has one price for all tiers may name them all the same.
            let tier = prices?.period(at: startedAt)?.variants.isEmpty ?? true ? .standard : consumption.tier
            cost = charge ?? prices.flatMap { Tariff($0).cost(of: usage, at: startedAt, tier: tier) }
        case .none, .partial: cost = charge
        }
    }
}
