import SiraCore
import SiraJSON
import SiraTelemetry

extension AdminStatus {
    /// The body of `/api/status`.
    ///
    /// Times are ISO 8601 in UTC, money is decimal dollars in a string.
    func json() -> [UInt8] {
        var json = JSONWriter(capacity: 2_048)
        json.object { json in
            json.member("version", version)
            json.member("started_at", startedAt.description)
            json.member("now", now.description)
            json.member("uptime_seconds", max(0, now.seconds - startedAt.seconds))
            json.member("ready", obstacles.isEmpty)
            json.array("obstacles") { for obstacle in obstacles { $0.element(obstacle) } }
            json.array("problems") { for problem in problems { $0.element(problem) } }
            json.member("lanes", lanes)
            json.member("models", modelCount)
            json.member("keys", keyCount)
            json.array("listeners") { for listener in listeners { listener.write(to: &$0) } }
            json.array("providers") { list in
                for provider in providers { provider.write(to: &list, totals.providers[provider.id]) }
            }
            if let today { today.write(to: &json) } else { json.null("today") }
            totals.write(to: &json)
            journal.write(to: &json)
            configuration.write(to: &json)
        }
        return json.bytes
    }
}

extension JSONWriter {
    /// A member that is `null` when there is no value.
    fileprivate mutating func optional(_ key: StaticString, _ value: String?) {
        if let value { member(key, value) } else { null(key) }
    }
}

extension ListenerStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.object {
            $0.member("name", name)
            $0.member("address", address)
            $0.member("tls", isEncrypted)
        }
    }
}

extension ProviderStatus {
    fileprivate func write(to json: inout JSONWriter, _ totals: ProviderTotals?) {
        json.object {
            $0.member("id", id)
            $0.member("protocol", wireProtocol)
            $0.member("address", address)
            $0.member("credential", credential.rawValue)
            $0.member("models", modelCount)
            $0.member("requests", totals?.requests ?? 0)
            $0.member("failures", totals?.failures ?? 0)
            $0.array("ailments") { list in
                for ailment in ailments { list.element(ailment) }
            }
        }
    }
}

extension TodayStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("today") {
            $0.member("day", day.description)
            $0.member("requests", requests)
            $0.member("failures", failures)
            $0.member("input_tokens", inputTokens)
            $0.member("output_tokens", outputTokens)
            $0.member("cost_usd", cost.description)
            $0.member("unknown_cost_requests", unknownCostRequests)
        }
    }
}

extension MetricTotals {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("since_start") {
            $0.member("requests", requests)
            $0.member("failures", failures)
            $0.member("input_tokens", inputTokens)
            $0.member("output_tokens", outputTokens)
            $0.member("cost_usd", cost.description)
            $0.member("unknown_cost_requests", unknownCostRequests)
            $0.object("outcomes") { json in
                for outcome in Outcome.allCases {
                    json.key(dynamic: outcome.label)
                    json.element(outcomes[outcome] ?? 0)
                }
            }
        }
        json.object("live") {
            $0.member("inflight_requests", inflightRequests)
            $0.member("open_streams", openStreams)
            $0.member("open_connections", openConnections)
            if let addedLatencyMedian { $0.member("added_us_p50", addedLatencyMedian) } else { $0.null("added_us_p50") }
            if let addedLatencyP99 { $0.member("added_us_p99", addedLatencyP99) } else { $0.null("added_us_p99") }
        }
    }
}

extension JournalStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("journal") {
            $0.member("bytes", bytes)
            $0.member("records", records)
            if let oldestSeconds { $0.member("oldest_seconds", oldestSeconds) } else { $0.null("oldest_seconds") }
            $0.member("write_errors", writeErrors)
            $0.member("damaged_segments", damagedSegments)
            $0.member("alarm", isAlarming)
        }
    }
}

extension ConfigurationStatus {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("configuration") {
            $0.optional("path", path)
            $0.optional("loaded_at", loadedAt?.description)
            $0.optional("reload_error", reloadError)
            $0.optional("reload_failed_at", reloadFailedAt?.description)
        }
    }
}
