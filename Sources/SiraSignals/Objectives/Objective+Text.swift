import SiraCore

extension Objective: CustomStringConvertible {
    /// The objective in one fixed form, for records; reading it gives the same objective.
    package var description: String {
        var terms: [String] = []
        func add(_ term: ObjectiveTerm, _ value: String?) {
            if let value, !value.isEmpty { terms.append(term.rawValue + term.wanted.rawValue + value) }
        }
        if let goal { terms.append(goal.rawValue) }
        add(.quality, leastQuality.map(Self.text))
        add(.ttft, mostFirstToken.map { Self.text(nanos: $0.wholeMicroseconds * 1_000_000) + "ms" })
        add(.price, mostPrice.map { Self.text(nanos: $0.nanos) })
        add(.inputPrice, mostInputPrice.map { Self.text(nanos: $0.nanos) })
        add(.outputPrice, mostOutputPrice.map { Self.text(nanos: $0.nanos) })
        add(.throughput, leastThroughput.map(Self.text))
        add(.context, leastContext.map { "\($0)" })
        add(.only, only.joined(separator: ","))
        add(.order, order.joined(separator: ","))
        add(.ignore, ignore.joined(separator: ","))
        if wantsZeroRetention { terms.append(ObjectiveTerm.zeroRetention) }
        add(.region, regions.joined(separator: ","))
        add(.require, required.sorted().map(\.rawValue).joined(separator: ","))
        add(.allowFallbacks, allowsFallbacks.map { $0 ? "yes" : "no" })
        return terms.joined(separator: "&")
    }

    /// A number that was read from nine digits after the point.
    private static func text(_ number: Double) -> String {
        text(nanos: Int64((number * Double(NanoUSD.perDollar)).rounded()))
    }

    /// Billionths as a decimal number without zeros that say nothing.
    private static func text(nanos: Int64) -> String {
        var text = NanoUSD(nanos: nanos).description[...]
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }
}
