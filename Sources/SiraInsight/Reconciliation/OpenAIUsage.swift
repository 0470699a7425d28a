import SiraCore
import SiraJSON

/// Results of OpenAI's reports.
enum OpenAIUsage: PageFormat {
    static let dayField = "start_time"

    static func day(of bucket: JSONValue) -> CalendarDay? {
        guard let seconds = bucket["start_time"]?.integer, (0..<253_402_300_800).contains(seconds) else { return nil }
        return CalendarDay(daysSinceEpoch: seconds / 86_400)
    }

    static func line(of result: PageResult, on day: CalendarDay) throws(UsageImportError) -> ProviderUsageLine {
        var line = ProviderUsageLine(day: day)
        line.key = try result.text("api_key_id")
        if let amount = result.json.present("amount") {
            line.cost = try cost(amount, in: result)
            (line.model, line.item) = parts(ofItem: try result.text("line_item"))
            return line
        }
        guard result.has("num_model_requests") || result.has("input_tokens") else {
            throw result.failure("a result must have either `amount` or `num_model_requests`")
        }
        line.model = try result.text("model")
        line.requests = Int64(try result.count("num_model_requests"))
        line.tier = try tier(of: result)
        var usage = Usage()
        // Words and sounds are counted apart there, each with its cached ones.
        usage.inputAudio = try result.count("input_audio_tokens")
        usage.outputAudio = try result.count("output_audio_tokens")
        usage.input = try result.count("input_tokens") + usage.inputAudio
        usage.output = try result.count("output_tokens") + usage.outputAudio
        usage.cacheRead = try result.count("input_cached_tokens")
        usage.images = try result.count("images")
        usage.characters = try result.count("characters")
        line.usage = usage
        return line
    }

    private static func tier(of result: PageResult) throws(UsageImportError) -> String? {
        if result.json["batch"]?.bool == true { return "batch" }
        let tier = try result.text("service_tier")
        return tier == "default" || tier == "auto" ? nil : tier
    }

    private static func cost(_ amount: JSONValue, in result: PageResult) throws(UsageImportError) -> NanoUSD {
        if let currency = amount.present("currency") {
            guard currency.string?.lowercased() == "usd" else {
                throw result.failure("amounts must be in US dollars", at: currency)
            }
        }
        // A number, and in later answers a text of one.
        guard let value = amount.present("value"),
            let cost = NanoUSD(rounding: value.string ?? String(decoding: value.raw, as: UTF8.self))
        else { throw result.failure("`amount.value` must be a number", at: amount) }
        return cost
    }

    /// Model and item of `gpt-5-mini-2025-08-07, cached input`; what has no comma may be a model or something else.
    private static func parts(ofItem text: String?) -> (model: String?, item: String?) {
        guard let text, !text.isEmpty else { return (nil, nil) }
        guard let comma = text.firstIndex(of: ",") else { return (text, nil) }
        let item = text[text.index(after: comma)...].drop { $0 == " " }
        return (String(text[..<comma]), String(item))
    }
}
