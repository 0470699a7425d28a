import SiraCatalog
import SiraCore
import SiraJSON
import SiraPricing

/// A model's prices at one time, as they are shown.
struct PriceList {
    private struct Line {
        let unit: BilledUnit
        /// The number of prompt tokens above which the price holds.
        let above: Int
        /// Nano-dollars per million units; nil when it is not known.
        let price: Int64?
    }

    private let title: PricedModel
    private let lines: [Line]
    private let period: PricePeriod?

    /// - Parameter tariff: nil when no price is known.
    init(title: PricedModel, tariff: Tariff?, at time: Timestamp, tier: ServiceTier) {
        self.title = title
        period = tariff?.sheet.period(at: time)
        let limits = Set(
            (tariff?.sheet.periods ?? []).flatMap { period in
                (period.variants[tier] ?? period.standard).tiers.map(\.above)
                    + period.windows.flatMap { $0.card.tiers.map(\.above) }
            }
        )
        var lines: [Line] = []
        var below: Rates?
        for above in [0] + limits.sorted() {
            guard let rates = tariff?.rates(input: above + 1, at: time, tier: tier), rates != below else { continue }
            below = rates
            for unit in BilledUnit.allCases {
                let price = unit.price(in: rates, usage: Usage())
                // Pictures in prompts cost what text does unless it is said otherwise.
                guard unit != .inputImage || rates.inputImage != nil else { continue }
                guard price != nil || unit == .input || unit == .output else { continue }
                lines.append(Line(unit: unit, above: above, price: price))
            }
        }
        self.lines = lines
    }

    var plain: String {
        let name = "\(title.provider)/\(title.model)"
        guard let period, !lines.isEmpty else { return "\(name): the price is unknown." }
        let isTiered = lines.contains { $0.above > 0 }
        var table = isTiered ? TextTable("unit", "#$", "for", "prompts above") : TextTable("unit", "#$", "for")
        for line in lines {
            let quantity = line.unit.quantity
            if isTiered {
                table.add(line.unit.rawValue, amount(line), quantity, Figures.count(line.above))
            } else {
                table.add(line.unit.rawValue, amount(line), quantity)
            }
        }
        return """
            \(name)
            \(table.text)
            price from: \(period.source)\(period.date.map { " (\($0))" } ?? "")
            """
    }

    private func amount(_ line: Line) -> String {
        guard line.unit.isSingle, let price = line.price else { return Figures.price(line.price) }
        return Figures.dollars(NanoUSD(nanos: price / 1_000_000))
    }

    func write(to json: inout JSONWriter) {
        json.member("provider", title.provider)
        json.member("model", title.model)
        json.array("prices") { list in
            for line in lines {
                list.object {
                    $0.member("unit", line.unit.rawValue)
                    $0.member("above_prompt_tokens", line.above)
                    $0.member(
                        "usd_per_million",
                        optional: line.price.map { NanoUSD(nanos: $0 / Int64(line.unit.quantum)).description }
                    )
                }
            }
        }
        json.member("price_source", optional: lines.isEmpty ? nil : period?.source)
        json.member("price_date", optional: lines.isEmpty ? nil : period?.date?.description)
    }
}

extension BilledUnit {
    /// Whether people know its price for one and not for a million.
    fileprivate var isSingle: Bool {
        self == .request || self == .webSearch || self == .image || self == .audioTime
    }

    /// What people know the price of.
    fileprivate var quantity: String {
        switch self {
        case .audioTime: "hour"
        case .character: "million characters"
        default: isSingle ? "each" : "million tokens"
        }
    }
}
