import SiraCore
import SiraJSON

/// Results of Anthropic's reports.
enum AnthropicUsage: PageFormat {
    static let dayField = "starting_at"

    static func day(of bucket: JSONValue) -> CalendarDay? { (bucket["starting_at"]?.string).flatMap(Self.day) }

    /// The day of an RFC 3339 time in UTC.
    static func day(of text: String) -> CalendarDay? {
        guard text.count >= 20, text.hasSuffix("Z") || text.hasSuffix("+00:00") else { return nil }
        let mark = text.dropFirst(10).first
        guard mark == "T" || mark == "t" else { return nil }
        return CalendarDay(text.prefix(10))
    }

    static func line(of result: PageResult, on day: CalendarDay) throws(UsageImportError) -> ProviderUsageLine {
        var line = ProviderUsageLine(day: day)
        line.model = try result.text("model")
        line.key = try result.text("api_key_id")
        let tier = try result.text("service_tier")
        line.tier = tier == "standard" ? nil : tier
        if let amount = result.json.present("amount") {
            if let currency = result.json.present("currency"), currency.string?.uppercased() != "USD" {
                throw result.failure("amounts must be in US dollars", at: currency)
            }
            // A text of cents; a hundredth of it, without the rounding of a division.
            guard let text = amount.string, text.utf8.allSatisfy({ $0 != 0x65 && $0 != 0x45 }),
                let cost = NanoUSD(rounding: text + "e-2")
            else { throw result.failure("`amount` must be a text of cents, such as \"123.45\"", at: amount) }
            line.cost = cost
            line.item = try result.text("token_type")
            if line.item == nil { line.item = try result.text("cost_type") }
            // Searches and the like are charged without a model; their words are what there is.
            if line.model == nil { line.model = try result.text("description") }
            return line
        }
        guard result.has("uncached_input_tokens") || result.has("output_tokens") else {
            throw result.failure("a result must have either `amount` or `uncached_input_tokens`")
        }
        var usage = Usage()
        usage.cacheRead = try result.count("cache_read_input_tokens")
        if let written = result.json.present("cache_creation") {
            usage.cacheWrite = try result.count("ephemeral_5m_input_tokens", of: written)
            usage.cacheWriteLong = try result.count("ephemeral_1h_input_tokens", of: written)
        }
        let uncached = try result.count("uncached_input_tokens")
        usage.input = uncached + usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong
        usage.output = try result.count("output_tokens")
        if let tools = result.json.present("server_tool_use") {
            usage.webSearches = try result.count("web_search_requests", of: tools)
        }
        line.usage = usage
        return line
    }
}
