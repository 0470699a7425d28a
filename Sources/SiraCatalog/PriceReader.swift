internal import SiraCore
internal import SiraJSON

/// Reads the prices of a model's entry.
enum PriceReader {
    /// The sheet of a list of periods.
    static func sheet(_ json: JSONValue, _ wrong: inout [String]) -> PriceSheet {
        PriceSheet(periods: json.elements.compactMap { period($0, &wrong) })
    }

    private static func period(_ json: JSONValue, _ wrong: inout [String]) -> PricePeriod? {
        var period = PricePeriod(
            source: json["source"]?.string ?? "",
            standard: card(json, over: RateCard(base: Rates()), &wrong)
        )
        period.date = json["date"]?.string.flatMap { CalendarDay($0) }
        if let from = json.present("from") {
            guard let day = from.string.flatMap({ CalendarDay($0) }) else {
                wrong.append("a price from a day that is none")
                return nil
            }
            period.firstDay = day.daysSinceEpoch
        }
        for tier in ServiceTier.allCases where tier != .standard {
            guard let value = variant(tier, of: json) else { continue }
            period.variants[tier] = card(value, over: period.standard, &wrong)
        }
        if let windows = json["time_of_day"] {
            period.windows = windows.elements.compactMap { window($0, over: period.standard, &wrong) }
        }
        return period
    }

    private static func variant(_ tier: ServiceTier, of json: JSONValue) -> JSONValue? {
        switch tier {
        case .standard: nil
        case .batch: json["batch"]
        case .flex: json["flex"]
        case .priority: json["priority"]
        case .fast: json["fast"]
        }
    }

    /// The prices and tiers of `json`.
    ///
    /// A field that it does not give is as in `standard`, whose tiers stay for that field; one that a tier does not
    /// give is as in the tier below.
    private static func card(_ json: JSONValue, over standard: RateCard, _ wrong: inout [String]) -> RateCard {
        var own: [(above: Int, json: JSONValue)] = []
        for tier in json["tiers"].map({ Array($0.elements) }) ?? [] {
            guard let above = tier["above"]?.integer, (0..<Int64.max).contains(above) else {
                wrong.append("a tier without its limit")
                continue
            }
            own.append((Int(above), tier))
        }
        own.sort { $0.above < $1.above }
        let limits = Set(own.map(\.above) + standard.tiers.map(\.above))
        var tiers: [PriceTier] = []
        for limit in limits {
            var amounts = rates(json, over: standard.rates(input: limit + 1), &wrong)
            for tier in own where tier.above <= limit { amounts = rates(tier.json, over: amounts, &wrong) }
            tiers.append(PriceTier(above: limit, rates: amounts))
        }
        return RateCard(base: rates(json, over: standard.base, &wrong), tiers: tiers)
    }

    private static func window(_ json: JSONValue, over standard: RateCard, _ wrong: inout [String]) -> PriceWindow? {
        guard let start = json["start"]?.string.flatMap(minute), let end = json["end"]?.string.flatMap(minute) else {
            wrong.append("a window without its hours")
            return nil
        }
        let days = Set(json["days"]?.elements.compactMap { $0.integer.map(Int.init) } ?? [])
        guard days.allSatisfy((1...7).contains) else {
            wrong.append("a weekday must be a number from 1 to 7")
            return nil
        }
        return PriceWindow(start: start, end: end, days: days, card: card(json, over: standard, &wrong))
    }

    /// The minute of the day of a time such as `06:30Z`.
    private static func minute(_ text: String) -> Int? {
        let parts = text.dropLast().split(separator: ":")
        guard text.hasSuffix("Z"), parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]) else {
            return nil
        }
        guard (0...24).contains(hour), (0..<60).contains(minute) else { return nil }
        return hour * 60 + minute
    }

    /// What no usage counts, so that a cost cannot be told where it is billed.
    private static let uncounted: Set<String> = ["video_out", "per_page", "citation"]

    private static func rates(_ json: JSONValue, over start: Rates, _ wrong: inout [String]) -> Rates {
        var rates = start
        for (key, value) in json.members where value.kind == .number {
            guard let name = key.string, name != "above" else { continue }
            guard let amount = value.integer, amount >= 0 else {
                wrong.append("the price \(name) is not a whole number from 0 on")
                continue
            }
            switch name {
            case "input": rates.input = amount
            case "output": rates.output = amount
            case "cache_read": rates.cacheRead = amount
            case "cache_write": rates.cacheWrite = amount
            case "cache_write_1h": rates.cacheWriteLong = amount
            case "reasoning": rates.reasoning = amount
            case "audio_in": rates.inputAudio = amount
            case "audio_out": rates.outputAudio = amount
            case "cached_audio": rates.cachedAudio = amount
            case "image_in": rates.inputImage = amount
            case "image_out": rates.outputImage = amount
            case "cached_image": rates.cachedImage = amount
            case "per_image": rates.perImage = amount
            case "per_request": rates.perRequest = amount
            case "per_search": rates.perSearch = amount
            case "per_character": rates.perCharacter = amount
            case "per_audio_hour": rates.perAudioHour = amount
            case "video_out", "per_page", "citation": break
            default: continue  // of which what is counted as text tokens is a part, such as video in the prompt
            }
            if uncounted.contains(name) { rates.billsOtherUnits = true }
        }
        return rates
    }
}
