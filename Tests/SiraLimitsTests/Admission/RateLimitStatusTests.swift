import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct RateLimitStatusTests {
    @Test(arguments: [
        (0, "0s"), (1, "1ms"), (119_000_001, "120ms"), (1_000_000_000, "1s"), (1_200_000_000, "1.2s"),
        (59_999_000_001, "1m0s"), (360_000_000_000, "6m0s"), (61_050_000_000, "1m1.05s"),
        (3_600_500_000_000, "1h0m0.5s"), (86_400_000_000_000, "24h0m0s"),
    ])
    func `times are written as OpenAI writes them`(nanoseconds: UInt64, text: String) {
        #expect(RateLimitStatus.text(ofNanoseconds: nanoseconds) == text)
    }

    @Test func `the tightest rate of a set is told`() {
        let clock = VirtualClock()
        let board = LimitBoard(clock: clock.gateway)
        _ = board.adopt(
            limits: [
                LimitRule(id: "all", scope: .gateway, measure: .requests, amount: 100, burst: 50),
                LimitRule(id: "own", scope: Scope(.key, "k"), measure: .requests, window: .second, amount: 5),
                LimitRule(id: "tokens", scope: Scope(.key, "k"), measure: .tokens, amount: 6_000),
                LimitRule(id: "running", scope: Scope(.key, "k"), measure: .concurrency, amount: 2),
            ],
            budgets: [],
            uptime: clock.uptime,
            now: clock.now
        )
        let meters = board.meters(for: [.gateway, Scope(.key, "k")], uptime: clock.uptime, now: clock.now)
        guard
            case .success(let hold) = meters.claim(
                Claim(tokens: 120, charge: nil),
                uptime: clock.uptime,
                now: clock.now
            )
        else {
            Issue.record("there is room")
            return
        }
        let fields = meters.status(uptime: clock.uptime).fields.map { "\($0.name): \($0.value)" }
        #expect(
            fields == [
                "x-ratelimit-limit-requests: 5", "x-ratelimit-remaining-requests: 4",
                "x-ratelimit-reset-requests: 200ms", "x-ratelimit-limit-tokens: 6000",
                "x-ratelimit-remaining-tokens: 5880", "x-ratelimit-reset-tokens: 1.2s",
            ]
        )
        let running = board.limits(at: clock.uptime).first { $0.measure == .concurrency }
        #expect(running?.quota.remaining == 1)
        hold.release()
        #expect(meters.status(uptime: clock.uptime).requests?.remaining == 5)
        #expect(board.meters(for: [], uptime: 0, now: clock.now).status(uptime: 0) == RateLimitStatus())
    }
}
