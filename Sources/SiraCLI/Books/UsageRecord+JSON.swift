import SiraCore
import SiraJSON
import SiraStorage

extension UsageRecord {
    /// Writes all that is known of the attempt.
    func write(to json: inout JSONWriter) {
        json.member("request", request.description)
        json.member("attempt", attempt)
        json.member("final", isFinal)
        json.member("started_at", startedAt.description)
        json.member("duration_ms", Double(duration) / 1_000)
        json.member("time_to_first_token_ms", milliseconds: timeToFirstToken)
        json.member("upstream_ms", Double(upstreamTime) / 1_000)
        json.member("key", optional: key.isEmpty ? nil : key)
        json.array("tags", words: tags)
        json.member("operation", operation)
        json.member("stream", isStream)
        json.member("requested_model", requestedModel)
        json.member("provider", optional: provider.isEmpty ? nil : provider)
        json.member("model", optional: model.isEmpty ? nil : model)
        json.member("outcome", outcome.label)
        json.member("status", status)
        json.member("error", optional: errorCode.isEmpty ? nil : errorCode)
        json.object("usage") {
            $0.member("basis", usageBasis.label)
            $0.member("input_tokens", usage.input)
            $0.member("cache_read_tokens", usage.cacheRead)
            $0.member("cache_write_tokens", usage.cacheWrite)
            $0.member("cache_write_1h_tokens", usage.cacheWriteLong)
            $0.member("audio_in_tokens", usage.inputAudio)
            $0.member("output_tokens", usage.output)
            $0.member("reasoning_tokens", usage.reasoning)
            $0.member("audio_out_tokens", usage.outputAudio)
            $0.member("web_searches", usage.webSearches)
        }
        json.member("cost_usd", optional: cost?.description)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: StaticString, milliseconds microseconds: Int64?) {
        if let microseconds { member(key, Double(microseconds) / 1_000) } else { null(key) }
    }
}
