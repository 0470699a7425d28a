@testable import SiraAdmin
import SiraCore
import SiraTelemetry
import Testing

@Suite struct AdminStatusTests {
    func text(_ status: AdminStatus) -> String { String(decoding: status.json(), as: UTF8.self) }

    @Test func `a gateway that has just started says so`() {
        let text = text(.sample)
        #expect(text.hasPrefix(#"{"version":"1.2.3","started_at":"2025-11-21T04:40:00.000Z","#))
        #expect(text.contains(#""uptime_seconds":90,"ready":true,"obstacles":[],"problems":[],"lanes":2,"#))
        #expect(text.contains(#""today":null,"#))
        #expect(text.contains(#""added_us_p50":null"#))
        #expect(text.contains(#""journal":{"bytes":0,"records":0,"oldest_seconds":null,"write_errors":0,"#))
        #expect(text.contains(#""write_errors":0,"damaged_segments":0,"alarm":false}"#))
        let configuration = #"{"path":null,"loaded_at":null,"reload_error":null,"reload_failed_at":null}"#
        #expect(text.hasSuffix(#""configuration":\#(configuration)}"#))
    }

    @Test func `a provider's line carries its counts and whether it has a key`() {
        var status = AdminStatus.sample
        status.providers = [
            ProviderStatus(
                id: "acme",
                wireProtocol: "openai",
                address: "api.acme.example:443",
                credential: .missing,
                modelCount: 3
            )
        ]
        status.providers[0].ailments = ["m: rate limited"]
        var totals = ProviderTotals()
        totals.requests = 10
        totals.failures = 2
        status.totals.providers["acme"] = totals
        #expect(
            text(status).contains(
                #""providers":[{"id":"acme","protocol":"openai","address":"api.acme.example:443","#
                    + #""credential":"missing","models":3,"requests":10,"failures":2,"ailments":["m: rate limited"]}]"#
            )
        )
    }

    @Test func `money is exact and the day is named`() throws {
        var status = AdminStatus.sample
        var today = TodayStatus(day: try #require(CalendarDay("2026-11-21")))
        today.cost = NanoUSD(nanos: 12_000_000_001)
        today.unknownCostRequests = 4
        status.today = today
        let part = #""output_tokens":0,"cost_usd":"12.000000001","unknown_cost_requests":4"#
        #expect(text(status).contains(#""today":{"day":"2026-11-21","#))
        #expect(text(status).contains(part))
    }

    @Test func `what others wrote is escaped`() {
        var status = AdminStatus.sample
        status.configuration.reloadError = "line 3: \"</script>\"\n"
        #expect(text(status).contains(#""reload_error":"line 3: \"</script>\"\n","#))
    }
}
