extension MergedMetrics {
    /// Attempts, probes, and what the budgets of second attempts refused.
    func writeAttempts(to text: inout PrometheusText) {
        text.family("sira_attempts_total", .counter, "Attempts at deployments that were sent and have ended.")
        for kind in AttemptKind.allCases {
            for outcome in AttemptOutcome.allCases {
                let count = cells[layout.attempt(kind, outcome)]
                guard count != 0 else { continue }
                let labels = [("kind", kind.label), ("outcome", outcome.label)]
                text.sample("sira_attempts_total", labels, String(count))
            }
        }
        text.family(
            "sira_hedges_lost_total",
            .counter,
            "Second attempts beside a slow one that were too late themselves."
        )
        text.sample("sira_hedges_lost_total", [], String(cells[layout.attempt(.hedge, .lost)]))
        text.family("sira_retry_budget_exhausted_total", .counter, "Retries that the budget of retries did not allow.")
        text.sample("sira_retry_budget_exhausted_total", [], String(cells[layout.retryBudgetExhausted]))
        text.family("sira_probes_total", .counter, "Questions to deployments that are ill whether they work again.")
        for (outcome, cell) in [("ok", layout.probes), ("failed", layout.probes + 1)] {
            text.sample("sira_probes_total", [("outcome", outcome)], String(cells[cell]))
        }
    }
}
