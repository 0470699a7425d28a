import SiraCore
@testable import SiraTelemetry
import Synchronization
import Testing

@Suite struct MetricsTextTests {
    let registry = MetricsRegistry(
        operations: [OperationLabels(name: "chat", clientProtocol: "openai")],
        version: "1.2.3"
    )

    /// The lines of `text` that belong to one family.
    func lines(_ family: String, of text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("\(family){") || $0.hasPrefix("\(family) ") || $0.hasPrefix("\(family)_")
        }
    }

    func filled() throws -> String {
        let lane = registry.makeLane()
        var request = FinishedRequest(operation: try #require(registry.operationSlot("chat")))
        request.provider = registry.providerSlot("acme \"west\"")
        request.duration = 1_500_000
        request.addedLatency = 120
        request.timeToFirstToken = 400_000
        request.isStream = true
        request.usage = Usage(input: 10, output: 5)
        request.usage.cacheRead = 4
        request.cost = NanoUSD(nanos: 2_500)
        var trail = Trail(start: 0)
        trail.mark(.decode, at: 1_500)
        lane.finished(request, trail: trail)
        var refused = FinishedRequest(operation: request.operation)
        refused.outcome = .clientError
        refused.code = .invalidKey
        refused.duration = 800
        refused.addedLatency = 800
        lane.finished(refused)
        return registry.text(process: ProcessSample())
    }

    @Test func `attempts, probes and the budget are counted over all lanes`() {
        let lanes = [registry.makeLane(), registry.makeLane()]
        for lane in lanes { lane.attemptEnded(.first, .ok) }
        lanes[0].attemptEnded(.hedge, .lost)
        lanes[1].attemptEnded(.continuation, .rejected)
        lanes[0].probeEnded(succeeded: false)
        lanes[1].retryBudgetExhausted()
        let text = registry.text(process: ProcessSample())
        #expect(
            lines("sira_attempts_total", of: text) == [
                #"sira_attempts_total{kind="first",outcome="ok"} 2"#,
                #"sira_attempts_total{kind="hedge",outcome="lost"} 1"#,
                #"sira_attempts_total{kind="continuation",outcome="rejected"} 1"#,
            ]
        )
        #expect(lines("sira_hedges_lost_total", of: text) == ["sira_hedges_lost_total 1"])
        #expect(lines("sira_retry_budget_exhausted_total", of: text) == ["sira_retry_budget_exhausted_total 1"])
        #expect(
            lines("sira_probes_total", of: text) == [
                #"sira_probes_total{outcome="ok"} 0"#, #"sira_probes_total{outcome="failed"} 1"#,
            ]
        )
    }

    @Test func `families are asked for at each scrape, and left out without samples`() {
        let count = Mutex(0)
        registry.register(families: {
            let value = count.withLock { count in
                count += 1
                return count
            }
            let samples = value > 1 ? [MetricFamily.Sample([("of", "a\"b")], Double(value))] : []
            return [MetricFamily("sira_own", .gauge, help: "Own.", samples: samples)]
        })
        #expect(!registry.text(process: ProcessSample()).contains("sira_own"))
        let text = registry.text(process: ProcessSample())
        #expect(text.contains("# HELP sira_own Own.\n# TYPE sira_own gauge\nsira_own{of=\"a\\\"b\"} 2\n"))
    }

    @Test func `counters carry their labels`() throws {
        let text = try filled()
        #expect(
            lines("sira_requests_total", of: text) == [
                #"sira_requests_total{operation="chat",protocol="openai",provider="none",outcome="client_error"} 1"#,
                #"sira_requests_total{operation="chat",protocol="openai",provider="acme \"west\"",outcome="ok"} 1"#,
            ]
        )
        #expect(lines("sira_errors_total", of: text) == [#"sira_errors_total{code="invalid_api_key"} 1"#])
        #expect(lines("sira_streamed_requests_total", of: text) == ["sira_streamed_requests_total 1"])
        #expect(
            lines("sira_tokens_total", of: text) == [
                #"sira_tokens_total{provider="acme \"west\"",kind="input"} 10"#,
                #"sira_tokens_total{provider="acme \"west\"",kind="cache_read"} 4"#,
                #"sira_tokens_total{provider="acme \"west\"",kind="output"} 5"#,
            ]
        )
        #expect(text.contains(#"sira_cost_nanodollars_total{provider="acme \"west\""} 2500"#))
        #expect(text.contains(#"sira_stage_seconds_total{stage="decode"} 0.0000015"#))
        #expect(text.contains(#"sira_build_info{version="1.2.3"} 1"#))
    }

    @Test func `a histogram is cumulative, ends with all and has sum and count`() throws {
        let text = try filled()
        #expect(
            lines("sira_added_latency_seconds", of: text) == [
                #"sira_added_latency_seconds_bucket{le="0.00005"} 0"#,
                #"sira_added_latency_seconds_bucket{le="0.0001"} 0"#,
                #"sira_added_latency_seconds_bucket{le="0.0002"} 1"#,
                #"sira_added_latency_seconds_bucket{le="0.0003"} 1"#,
                #"sira_added_latency_seconds_bucket{le="0.0005"} 1"#,
                #"sira_added_latency_seconds_bucket{le="0.001"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.002"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.005"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.01"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.025"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.05"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.1"} 2"#,
                #"sira_added_latency_seconds_bucket{le="0.25"} 2"#,
                #"sira_added_latency_seconds_bucket{le="1"} 2"#,
                #"sira_added_latency_seconds_bucket{le="+Inf"} 2"#,
                "sira_added_latency_seconds_sum 0.00092",
                "sira_added_latency_seconds_count 2",
            ]
        )
        #expect(text.contains(#"sira_time_to_first_token_seconds_sum{provider="acme \"west\""} 0.4"#))
        #expect(text.contains(#"sira_request_duration_seconds_count{operation="chat"} 2"#))
    }

    @Test func `every family is introduced once, before its samples`() throws {
        registry.register([
            SampledMetric("sira_queue", .gauge, help: "A.", labels: [("name", "a")]) { 1.5 },
            SampledMetric("sira_pool", .gauge, help: "B.") { 2 },
            SampledMetric("sira_queue", .gauge, help: "A.", labels: [("name", "b")]) { 3 },
            SampledMetric("sira_gone", .gauge, help: "C.") { nil },
        ])
        let text = try filled()
        var introduced: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                introduced.append(String(line.split(separator: " ")[2]))
            } else if !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(introduced.last.map { name.hasPrefix($0) } == true, "\(line)")
            }
        }
        #expect(Set(introduced).count == introduced.count)
        #expect(!introduced.contains("sira_gone"))
        #expect(text.contains("sira_queue{name=\"a\"} 1.5\nsira_queue{name=\"b\"} 3\n"))
        #expect(text.hasSuffix("\n"))
    }

    @Test func `the journal's metrics have their names here`() throws {
        registry.register(
            SampledMetric.journal(
                bytes: { 1 },
                records: { 2 },
                oldestSeconds: { 0.5 },
                writeErrors: { 0 },
                damagedSegments: { 3 },
                isAlarming: { 1 }
            )
        )
        let text = registry.text(process: ProcessSample())
        #expect(lines("sira_journal", of: text).count == 6)
        #expect(text.contains("sira_journal_oldest_seconds 0.5\n"))
        #expect(text.contains("# TYPE sira_journal_write_errors_total counter\nsira_journal_write_errors_total 0\n"))
        #expect(text.contains("sira_journal_damaged_segments 3\n"))
        #expect(text.contains("sira_journal_alarm 1\n"))
    }
}
