internal import SiraCore
package import SiraJSON
import SiraTenancy

extension UsageRecord {
    /// Writes all that is known of the attempt as members of an object, as the API and the command line show it.
    ///
    /// Times are whole microseconds, in names that end with `_us`, and costs text; what is not known is null.
    package func write(to json: inout JSONWriter) {
        json.member("request", request.description)
        json.member("attempt", attempt)
        json.member("correction", isCorrection)
        json.member("final", isFinal)
        json.member("started_at", startedAt.description)
        json.member("duration_us", duration)
        if let timeToFirstToken {
            json.member("time_to_first_token_us", timeToFirstToken)
        } else {
            json.null("time_to_first_token_us")
        }
        json.member("upstream_us", upstreamTime)
        json.member("queue_us", queueTime)
        json.member("organization", orNull: organization)
        json.member("team", orNull: team)
        json.member("project", orNull: project)
        json.member("key", orNull: key)
        json.array("tags") { list in
            for tag in tags { list.element(tag) }
        }
        json.member("user", orNull: user)
        json.member("priority", orNull: RequestPriority(rawValue: priority)?.label ?? "")
        json.member("operation", operation)
        json.member("stream", isStream)
        json.member("requested_model", requestedModel)
        json.member("provider", orNull: provider)
        json.member("model", orNull: model)
        json.member("outcome", outcome.label)
        json.member("status", status)
        json.member("error", orNull: errorCode)
        json.object("usage") {
            $0.member("basis", usageBasis.label)
            $0.member("input_tokens", usage.input)
            $0.member("cache_read_tokens", usage.cacheRead)
            if let count = usage.cacheReadAudio {
                $0.member("cache_read_audio_tokens", count)
            } else {
                $0.null("cache_read_audio_tokens")
            }
            $0.member("cache_write_tokens", usage.cacheWrite)
            $0.member("cache_write_1h_tokens", usage.cacheWriteLong)
            $0.member("audio_in_tokens", usage.inputAudio)
            $0.member("image_in_tokens", usage.inputImage)
            $0.member("tool_prompt_tokens", usage.toolPrompt)
            $0.member("output_tokens", usage.output)
            $0.member("reasoning_tokens", usage.reasoning)
            $0.member("audio_out_tokens", usage.outputAudio)
            $0.member("image_out_tokens", usage.outputImage)
            $0.member("web_searches", usage.webSearches)
            $0.member("images", usage.images)
            $0.member("audio_in_ms", usage.inputAudioTime)
            $0.member("audio_out_ms", usage.outputAudioTime)
            $0.member("characters", usage.characters)
            $0.member("search_units", usage.searchUnits)
        }
        json.member("cost_usd", orNull: cost?.description ?? "")
        json.member("cost_basis", costBasis.rawValue)
        json.member("charge_usd", orNull: charge?.description ?? "")
        json.member("cache_savings_usd", cacheSavings.description)
        json.member("routing_savings_usd", routingSavings.description)
    }
}

extension JSONWriter {
    /// A member that is null when the text is empty.
    fileprivate mutating func member(_ key: StaticString, orNull text: String) {
        if text.isEmpty { null(key) } else { member(key, text) }
    }
}
