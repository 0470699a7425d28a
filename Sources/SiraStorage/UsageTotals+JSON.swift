internal import SiraCore
package import SiraJSON

extension UsageTotals {
    /// Writes the sums as members of an object, as the API and the command line show them.
    ///
    /// Times are whole microseconds, in names that end with `_us`, and amounts text; percentiles of nothing are null.
    ///
    /// - Parameter percentiles: whether those of times are among them.
    package func write(to json: inout JSONWriter, percentiles: Bool = true) {
        json.member("requests", requests)
        json.member("errors", errors)
        json.member("attempts", attempts)
        json.member("input_tokens", input)
        json.member("cache_read_tokens", cacheRead)
        json.member("cache_write_tokens", cacheWrite)
        json.member("output_tokens", output)
        json.member("reasoning_tokens", reasoning)
        json.member("web_searches", webSearches)
        json.member("images", images)
        json.member("audio_in_ms", inputAudioTime)
        json.member("audio_out_ms", outputAudioTime)
        json.member("characters", characters)
        json.member("search_units", searchUnits)
        json.member("cost_usd", cost.description)
        json.member("charge_usd", charge.description)
        json.member("cache_savings_usd", cacheSavings.description)
        json.member("routing_savings_usd", routingSavings.description)
        json.member("unpriced", unpriced)
        json.member("unknown_usage", unknownUsage)
        json.member("duration_us", duration)
        json.member("queue_us", queueTime)
        guard percentiles else { return }
        json.object("latency_us") { durations.writePercentiles(to: &$0) }
        json.object("time_to_first_token_us") { timesToFirstToken.writePercentiles(to: &$0) }
    }
}

extension LatencySketch {
    /// Writes the percentiles that reports show as members of an object.
    func writePercentiles(to json: inout JSONWriter) {
        func write(_ name: StaticString, _ share: Double, _ json: inout JSONWriter) {
            if let value = quantile(share) { json.member(name, value) } else { json.null(name) }
        }
        write("p50", 0.5, &json)
        write("p90", 0.9, &json)
        write("p95", 0.95, &json)
        write("p99", 0.99, &json)
    }
}

extension RollupDimension {
    /// The name of the dimension in the API and on the command line.
    package var label: String { self == .requestedModel ? "requested_model" : "\(self)" }
}

extension RollupLine {
    /// Writes the names that the sum is broken down by, and the sum itself, as members of an object.
    ///
    /// End users stand without the prefix of their tags, as `user`.
    ///
    /// - Parameters:
    ///   - isByUser: as in ``RollupQuery/isByUser``.
    ///   - percentiles: whether those of times are among the sums.
    package func write(to json: inout JSONWriter, isByUser: Bool, percentiles: Bool = true) {
        if let start { json.member("start", start.description) }
        for dimension in RollupDimension.allCases {
            guard let path = dimension.name, let name = self[keyPath: path] else { continue }
            if dimension == .tag, isByUser {
                json.member("user", String(name.dropFirst(RollupKey.userPrefix.count)))
            } else {
                json.key(dynamic: dimension.label)
                json.element(name)
            }
        }
        totals.write(to: &json, percentiles: percentiles)
    }
}
