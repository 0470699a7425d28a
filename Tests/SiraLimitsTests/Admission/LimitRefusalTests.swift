import SiraCore
import SiraLimits
import SiraTenancy
import SiraTesting
import Testing

@Suite struct LimitRefusalTests {
    private func refusal(
        _ reason: LimitRefusal.Reason,
        scope: Scope = Scope(.team, "blue"),
        limit: Int64 = 60,
        asked: Int64 = 1,
        _ recovery: LimitRefusal.Recovery = .after(nanoseconds: 1_150_000_000),
        renewal: Timestamp? = nil
    ) -> LimitRefusal {
        let meter = MeterName(rule: "rule", scope: scope)
        return LimitRefusal(
            meter: meter,
            reason: reason,
            limit: limit,
            asked: asked,
            recovery: recovery,
            renewal: renewal
        )
    }

    @Test func `people are told what is wrong and what to do`() {
        let renewal = CalendarDay(daysSinceEpoch: 20_000).start
        let sentences = [
            refusal(.rate(.requests, .minute)).message,
            refusal(.rate(.requests, .second), scope: Scope(.key, "key_1"), limit: 1).message,
            refusal(.rate(.tokens, .hour), scope: .gateway, asked: 90, .after(nanoseconds: 600_000_000_000)).message,
            refusal(.rate(.tokens, .minute), asked: 90, .never).message,
            refusal(.rate(.spend, .day), limit: 2_500_000_000, asked: 125_000, .after(nanoseconds: 1)).message,
            refusal(.concurrency, limit: 1, .whenOthersEnd).message,
            refusal(.budget(.calendar(.month)), limit: 10_000_000_000, asked: 5, renewal: renewal).message,
            refusal(.budget(.total), limit: 10_000_000_000, asked: 0, .never).message,
            refusal(.budget(.rolling(.seconds(60))), limit: 1, asked: 2_000_000_000, .whenOthersEnd).message,
        ]
        #expect(
            sentences == [
                "The team blue may make 60 requests per minute. Try again in 1.2 s.",
                "This key may make 1 request per second. Try again in 1.2 s.",
                "This gateway may use 60 tokens per hour, and this request may use 90 tokens. Try again in 10 min, or "
                    + "ask for a shorter answer.",
                "This request may use 90 tokens, and the team blue may use 60 tokens at once. Send a shorter prompt or "
                    + "ask for a shorter answer.",
                "The team blue may spend $2.50 per day, and this request may spend $0.000125. Try again in 0.1 s, or "
                    + "ask for a shorter answer.",
                "The team blue may have 1 request running at once. Wait until one has ended.",
                "The monthly budget of the team blue, $10.00, has no room for this request (this one may cost "
                    + "$0.000000005). It has room again at 2024-10-04T00:00:00.000Z; an administrator can allow more "
                    + "before.",
                "The budget of the team blue, $10.00, has no room for this request. Ask an administrator to allow "
                    + "more.",
                "The budget of the team blue, $0.000000001, is kept for requests that run now (this one may cost "
                    + "$2.00). Try again when they have ended.",
            ]
        )
    }

    @Test func `it says how long to wait where waiting helps`() {
        #expect(refusal(.concurrency, .whenOthersEnd).retryAfter == .seconds(1))
        #expect(refusal(.rate(.requests, .minute)).retryAfter == .nanoseconds(1_150_000_000))
        #expect(refusal(.unpriced, .never).retryAfter == nil)
        #expect(refusal(.unpriced, .never).isAboutMoney)
        #expect(!refusal(.concurrency).isAboutMoney)
    }
}
