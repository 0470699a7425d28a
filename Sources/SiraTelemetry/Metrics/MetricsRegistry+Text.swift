import SiraCore

extension MetricsRegistry {
    /// The value of the `Content-Type` header that goes with ``text(process:)``.
    package static var contentType: String { PrometheusText.contentType }

    /// All metrics in the Prometheus text format 0.0.4.
    package func text(process: ProcessSample = .current()) -> String {
        var text = PrometheusText()
        let merged = merged()
        merged.writeRequests(to: &text)
        merged.writeTimes(to: &text)
        merged.writeConsumption(to: &text)
        merged.writeAttempts(to: &text)
        merged.writeGauges(to: &text)
        writeSampled(to: &text)
        writeFamilies(to: &text)
        text.family("sira_build_info", .gauge, "The running version; the value is always 1.")
        text.sample("sira_build_info", [("version", version)], "1")
        text.family("sira_lanes", .gauge, "Event loops that serve requests.")
        text.sample("sira_lanes", [], String(laneCount))
        process.write(to: &text)
        return text.text
    }

    private func writeSampled(to text: inout PrometheusText) {
        var family = ""
        for metric in sampledMetrics() {
            guard let value = metric.read() else { continue }
            if metric.name != family { text.family(metric.name, metric.kind, metric.help) }
            family = metric.name
            text.sample(metric.name, metric.labels.map { ($0.name, $0.value) }, number(value))
        }
    }
}

extension MetricsRegistry {
    private func writeFamilies(to text: inout PrometheusText) {
        for family in families() where !family.samples.isEmpty {
            text.family(family.name, family.kind, family.help)
            for sample in family.samples {
                text.sample(family.name, sample.labels.map { ($0.name, $0.value) }, number(sample.value))
            }
        }
    }
}

/// A number as the format writes it: whole ones without a fraction, and its own words for the infinities.
private func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value.description
}

extension MergedMetrics {
    fileprivate func writeRequests(to text: inout PrometheusText) {
        text.family("sira_requests_total", .counter, "Requests that have ended.")
        for (index, operation) in layout.operations.enumerated() {
            for (slot, provider) in providers {
                for outcome in Outcome.allCases {
                    let count = cells[layout.request(OperationSlot(index: index), slot, outcome)]
                    guard count != 0 else { continue }
                    let labels = [
                        ("operation", operation.name), ("protocol", operation.clientProtocol),
                        ("provider", provider), ("outcome", outcome.label),
                    ]
                    text.sample("sira_requests_total", labels, String(count))
                }
            }
        }
        text.family("sira_streamed_requests_total", .counter, "Requests that have ended and asked for a stream.")
        text.sample("sira_streamed_requests_total", [], String(cells[layout.streamedRequests]))
        text.family("sira_errors_total", .counter, "Requests that have failed, by error code.")
        for code in ErrorCode.allCases where cells[layout.error(code)] != 0 {
            text.sample("sira_errors_total", [("code", code.rawValue)], String(cells[layout.error(code)]))
        }
    }

    fileprivate func writeTimes(to text: inout PrometheusText) {
        let added = "sira_added_latency_seconds"
        text.family(added, .histogram, "Time in the gateway itself: a request's duration less the wait for providers.")
        histogram(added, [], .addedLatency, at: layout.addedLatency, to: &text)

        let first = "sira_time_to_first_token_seconds"
        text.family(first, .histogram, "From a request's arrival to the first content of its answer.")
        for (slot, provider) in providers {
            let start = layout.timeToFirstToken(slot)
            guard count(of: .timeToFirstToken, at: start) > 0 else { continue }
            histogram(first, [("provider", provider)], .timeToFirstToken, at: start, to: &text)
        }

        let whole = "sira_request_duration_seconds"
        text.family(whole, .histogram, "From a request's arrival to the end of its answer.")
        for (index, operation) in layout.operations.enumerated() {
            let start = layout.duration(OperationSlot(index: index))
            guard count(of: .duration, at: start) > 0 else { continue }
            histogram(whole, [("operation", operation.name)], .duration, at: start, to: &text)
        }

        text.family("sira_stage_seconds_total", .counter, "Time spent in each stage of requests.")
        for stage in Stage.allCases {
            let time = PrometheusText.seconds(Int64(cells[layout.stage(stage)]), unitsPerSecond: 1_000_000_000)
            text.sample("sira_stage_seconds_total", [("stage", stage.label.description)], time)
        }
    }

    fileprivate func writeConsumption(to text: inout PrometheusText) {
        text.family(
            "sira_tokens_total",
            .counter,
            "Tokens as providers bill them; cache kinds are part of input, reasoning of output."
        )
        for (slot, provider) in providers {
            for kind in TokenKind.allCases where cells[layout.tokens(slot, kind)] != 0 {
                let labels = [("provider", provider), ("kind", kind.label)]
                text.sample("sira_tokens_total", labels, String(cells[layout.tokens(slot, kind)]))
            }
        }
        text.family("sira_cost_nanodollars_total", .counter, "Known cost in billionths of a US dollar.")
        for (slot, provider) in providers where cells[layout.cost(slot)] != 0 {
            text.sample("sira_cost_nanodollars_total", [("provider", provider)], String(cells[layout.cost(slot)]))
        }
        text.family("sira_unknown_cost_requests_total", .counter, "Requests sent to a provider at an unknown cost.")
        for (slot, provider) in providers where cells[layout.unknownCost(slot)] != 0 {
            let count = String(cells[layout.unknownCost(slot)])
            text.sample("sira_unknown_cost_requests_total", [("provider", provider)], count)
        }
    }

    fileprivate func writeGauges(to text: inout PrometheusText) {
        text.family("sira_open_streams", .gauge, "Answers that are streaming to their clients.")
        text.sample("sira_open_streams", [], String(cells[layout.openStreams]))
        text.family("sira_open_connections", .gauge, "Client connections.")
        text.sample("sira_open_connections", [], String(cells[layout.openConnections]))
        text.family("sira_inflight_requests", .gauge, "Requests that have arrived and not ended.")
        text.sample("sira_inflight_requests", [], String(cells[layout.inflight]))
    }

    func count(of buckets: Buckets, at start: Int) -> Int {
        cells[start...(start + buckets.bounds.count)].reduce(0, +)
    }

    private func histogram(
        _ name: String,
        _ labels: [(String, String)],
        _ buckets: Buckets,
        at start: Int,
        to text: inout PrometheusText
    ) {
        var cumulative = 0
        for (index, bound) in buckets.bounds.enumerated() {
            cumulative += cells[start + index]
            let limit = PrometheusText.seconds(bound, unitsPerSecond: 1_000_000)
            text.sample("\(name)_bucket", labels + [("le", limit)], String(cumulative))
        }
        cumulative += cells[start + buckets.bounds.count]
        text.sample("\(name)_bucket", labels + [("le", "+Inf")], String(cumulative))
        let sum = Int64(cells[start + buckets.cellCount - 1])
        text.sample("\(name)_sum", labels, PrometheusText.seconds(sum, unitsPerSecond: 1_000_000))
        text.sample("\(name)_count", labels, String(cumulative))
    }
}

extension ProcessSample {
    fileprivate func write(to text: inout PrometheusText) {
        func write(_ name: String, _ kind: MetricKind, _ help: String, _ value: Double?) {
            guard let value else { return }
            text.family(name, kind, help)
            text.sample(name, [], number(value))
        }
        write("process_cpu_seconds_total", .counter, "User and system processor time in seconds.", cpuSeconds)
        write("process_resident_memory_bytes", .gauge, "Resident memory in bytes.", residentBytes.map(Double.init))
        write("process_virtual_memory_bytes", .gauge, "Virtual memory in bytes.", virtualBytes.map(Double.init))
        write("process_open_fds", .gauge, "Open file descriptors.", openDescriptors.map(Double.init))
        write("process_max_fds", .gauge, "Limit of open file descriptors.", maximumDescriptors.map(Double.init))
        write("process_start_time_seconds", .gauge, "Start of the process since 1970 in seconds.", startSeconds)
    }
}
