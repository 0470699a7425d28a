import SiraCore
import SiraHealth
import SiraTelemetry
import Testing

@testable import SiraApp

@Suite struct HealthMetricsTests {
    private let now: UInt64 = 100_000_000_000_000
    private let board: HealthBoard

    init() {
        var policy = HealthPolicy()
        policy.consecutiveFailures = 2
        board = HealthBoard(policy: policy)
    }

    private func attempt(_ id: String, _ verdict: Verdict, at access: String = "acme") {
        let health = board.deployment(id, of: board.access(access, keys: ["k1", "k2"]))
        guard var begun = health.begin(at: now, tokens: 0) else { return }
        if verdict == .success { health.noteFirstToken(&begun, at: now + 500_000_000) }
        health.end(begun, AttemptEnd(verdict), at: now + 500_000_000)
    }

    /// The value of each sample, by name and label values.
    private func values(_ metrics: HealthMetrics) -> [String: Double] {
        var values: [String: Double] = [:]
        for family in metrics.families() {
            for sample in family.samples {
                values[([family.name] + sample.labels.map(\.value)).joined(separator: " ")] = sample.value
            }
        }
        return values
    }

    private func metrics(limit: Int = HealthMetrics.limit) -> HealthMetrics {
        HealthMetrics(
            board,
            clock: GatewayClock(now: { Timestamp(microseconds: 0) }, uptime: { now + 600_000_000 }),
            limit: limit
        )
    }

    @Test func `what has been used is told of, and nobody else`() throws {
        _ = board.deployment("acme/never", of: board.access("acme", keys: ["k1", "k2"]))
        for _ in 0..<2 { attempt("acme/ill", .failure(.timeout)) }
        attempt("acme/well", .success)
        attempt("acme/well", .failure(.rateLimited))
        let values = values(metrics())
        #expect(values["sira_deployment_state acme/ill"] == 2)
        #expect(values["sira_deployment_available acme/ill"] == 0)
        #expect(values["sira_deployment_error_ratio acme/ill"] == 1)
        #expect(values["sira_deployment_state acme/well"] == 0)
        #expect(values["sira_deployment_available acme/well"] == 1)
        #expect(values["sira_deployment_in_flight acme/well"] == 0)
        let median = try #require(values["sira_deployment_first_token_seconds acme/well 0.5"])
        #expect(abs(median - 0.5) < 0.02)
        #expect(values["sira_deployment_first_token_seconds acme/well 0.95"] != nil)
        #expect(values["sira_deployment_first_token_seconds acme/ill 0.5"] == nil)
        #expect(values.keys.allSatisfy { !$0.contains("never") })
        // Of the two keys the one that was used second was turned away.
        let cooling = ["0", "1"].compactMap { values["sira_key_cooling acme \($0)"] }
        #expect(cooling.sorted() == [0, 1])
        #expect(values["sira_key_refused acme 0"] == 0 && values["sira_key_refused acme 1"] == 0)
    }

    @Test func `beyond the limit all others are one, and who came first keeps its series`() {
        let metrics = metrics(limit: 2)
        attempt("gone/m", .success, at: "gone")
        attempt("acme/n", .success)
        #expect(values(metrics)["sira_deployment_state other"] == nil)
        for _ in 0..<2 { attempt("acme/a", .failure(.timeout)) }
        attempt("acme/b", .success)
        let values = values(metrics)
        #expect(values["sira_deployment_state gone/m"] == 0 && values["sira_deployment_state acme/n"] == 0)
        #expect(values["sira_deployment_state other"] == 2 && values["sira_deployment_available other"] == 0)
        #expect(values["sira_deployment_error_ratio other"].map { abs($0 - 2.0 / 3) < 1e-9 } == true)
        #expect(values["sira_deployment_state acme/a"] == nil)
        board.forget(allBut: ["acme"])
        #expect(self.values(metrics)["sira_deployment_state acme/a"] == 2)
    }

    @Test func `a key that is refused is told so`() {
        attempt("acme/m", .failure(.authentication))
        let values = values(metrics())
        #expect(["0", "1"].compactMap { values["sira_key_refused acme \($0)"] }.sorted() == [0, 1])
    }
}
