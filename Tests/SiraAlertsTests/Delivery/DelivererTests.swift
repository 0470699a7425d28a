import Logging
import SiraAlerts
import SiraCore
import SiraTesting
import Synchronization
import Testing

@Suite struct DelivererTests {
    /// Receivers that answer as they are told, and remember what came.
    private final class Receivers: Sendable {
        struct State {
            var answers: [String: [NoticeAnswer]] = [:]
            var received: [String] = []
        }

        let state = Mutex(State())

        func answer(_ notice: OutgoingNotice) -> NoticeAnswer {
            state.withLock { state in
                state.received.append("\(notice.channel) \(notice.id.suffix(2))")
                guard var waiting = state.answers[notice.channel], !waiting.isEmpty else {
                    return NoticeAnswer(status: 200)
                }
                let answer = waiting.removeFirst()
                state.answers[notice.channel] = waiting
                return answer
            }
        }

        var received: [String] { state.withLock { $0.received } }
        var ids: [String] { received }
    }

    private let clock = VirtualClock(now: SampleAlert.start)
    private let receivers = Receivers()

    private func channel(_ id: String, isEnabled: Bool = true) -> AlertChannel {
        let url = Secret("https://example.com/hush")
        return AlertChannel(id: id, destination: .webhook(url: url, signing: nil), isEnabled: isEnabled)
    }

    private func deliverer(_ channels: [String] = ["ops"], waiting: Int = 256) -> Deliverer {
        var settings = DelivererSettings()
        settings.waiting = waiting
        return Deliverer(
            channels: channels.map { channel($0) },
            settings: settings,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock.gateway,
            sleep: { _ in },
            random: { 0.5 },
            transport: { [receivers] in receivers.answer($0) }
        )
    }

    /// Goes through the waits until nothing waits any more.
    private func drain(_ deliverer: Deliverer) async {
        while let due = await deliverer.deliverDue() {
            clock.advance(by: .microseconds(due.microseconds - clock.now.microseconds))
        }
    }

    @Test func `each channel that an alert names gets it once`() async {
        let deliverer = deliverer(["a", "b", "c"])
        await deliverer.post([SampleAlert.fired(channels: ["a", "c", "gone"])])
        #expect(await deliverer.deliverDue() == nil)
        #expect(receivers.received == ["a -0", "c -0"])
        #expect(await deliverer.misdirected == 1)
        #expect(await deliverer.counts["a"]?.delivered == 1)
    }

    @Test func `a message is tried five times with growing waits and then given up`() async {
        let deliverer = deliverer()
        receivers.state.withLock { $0.answers["ops"] = Array(repeating: NoticeAnswer(status: 503), count: 9) }
        await deliverer.post([SampleAlert.fired()])
        await drain(deliverer)
        #expect(receivers.received == Array(repeating: "ops -0", count: 5))
        #expect(clock.now == SampleAlert.start.advanced(by: .seconds(7 + 28 + 112 + 448)))
        let counts = await deliverer.counts["ops"]
        #expect(counts?.dead == 1 && counts?.failures == 5 && counts?.delivered == 0)
        #expect(counts?.lastFailure == "status 503")
    }

    @Test func `a refusal ends it at once`() async {
        let deliverer = deliverer()
        receivers.state.withLock { $0.answers["ops"] = [NoticeAnswer(status: 404)] }
        await deliverer.post([SampleAlert.fired()])
        #expect(await deliverer.deliverDue() == nil)
        #expect(await deliverer.counts["ops"]?.dead == 1)
    }

    @Test func `a channel that asks for time gets it, for all its messages`() async {
        let deliverer = deliverer()
        receivers.state.withLock { $0.answers["ops"] = [NoticeAnswer(status: 429, retryAfter: "120")] }
        await deliverer.post([SampleAlert.fired(subject: "a"), SampleAlert.fired(subject: "b")])
        #expect(await deliverer.deliverDue() == SampleAlert.start.advanced(by: .seconds(120)))
        #expect(receivers.received.count == 1)
        await drain(deliverer)
        #expect(await deliverer.counts["ops"]?.delivered == 2)
    }

    @Test func `the end of an incident never overtakes its beginning, and others pass both`() async {
        let deliverer = deliverer()
        receivers.state.withLock { $0.answers["ops"] = [NoticeAnswer(status: 500)] }
        let story = SampleAlert.story(subject: "a")
        await deliverer.post([story[0], story[2], SampleAlert.fired(subject: "b")])
        _ = await deliverer.deliverDue()
        #expect(receivers.received == ["ops -0", "ops -0"])
        await drain(deliverer)
        #expect(receivers.received == ["ops -0", "ops -0", "ops -0", "ops -2"])
    }

    @Test func `reminders of what is over are not sent`() async {
        let deliverer = deliverer()
        await deliverer.post(SampleAlert.story())
        await drain(deliverer)
        #expect(receivers.received == ["ops -0", "ops -2"])
        #expect(await deliverer.counts["ops"]?.superseded == 1)
    }

    @Test func `when too much waits, reminders go first and ends last`() async {
        let deliverer = deliverer(waiting: 2)
        let (a, b, c) = (
            SampleAlert.story(subject: "a"), SampleAlert.story(subject: "b"), SampleAlert.story(subject: "c")
        )
        await deliverer.post([a[2], b[1], c[0], a[0]])
        #expect(await deliverer.waiting["ops"] == 2)
        await drain(deliverer)
        // First the reminder of "b" went, then the beginning of "c", which was the older one.
        #expect(receivers.received == ["ops -2", "ops -0"])
        #expect(await deliverer.counts["ops"]?.shed == 2)
    }

    @Test func `many messages go at the channel's pace`() async {
        let deliverer = deliverer()
        await deliverer.post((0..<30).map { SampleAlert.fired(subject: "s\($0)") })
        _ = await deliverer.deliverDue()
        #expect(receivers.received.count == 10)
        await drain(deliverer)
        #expect(receivers.received.count == 30)
        // Twenty more at two a second.
        #expect(clock.now == SampleAlert.start.advanced(by: .seconds(10)))
    }

    @Test func `the same alert handed in twice waits once`() async {
        let deliverer = deliverer()
        await deliverer.post([SampleAlert.fired(), SampleAlert.fired()])
        await drain(deliverer)
        #expect(receivers.received.count == 1)
    }

    @Test func `what waits survives a restart, with its failed tries`() async throws {
        let first = deliverer()
        receivers.state.withLock { $0.answers["ops"] = Array(repeating: NoticeAnswer(status: 503), count: 3) }
        let story = SampleAlert.story(facts: [AlertFact("model", "gpt-5-mini")])
        await first.post([story[0], story[2]])
        for _ in 0..<3 {
            guard let due = await first.deliverDue() else { break }
            clock.advance(by: .microseconds(due.microseconds - clock.now.microseconds))
        }
        let second = deliverer()
        try await second.restore(await first.waitingJSON)
        #expect(await second.waiting["ops"] == 2)
        receivers.state.withLock { $0.answers["ops"] = Array(repeating: NoticeAnswer(status: 503), count: 2) }
        await drain(second)
        #expect(receivers.received == Array(repeating: "ops -0", count: 5) + ["ops -2"])
    }

    @Test func `what is no state is refused, and odd entries are passed over`() async throws {
        let deliverer = deliverer()
        await #expect(throws: (any Error).self) { try await deliverer.restore(Array("nonsense".utf8)) }
        try await deliverer.restore(Array(#"{"waiting":[{},{"channel":"ops","alert":{}}]}"#.utf8))
        #expect(await deliverer.waiting["ops"] == nil)
    }

    @Test func `a channel that is gone takes what waits along`() async {
        let deliverer = deliverer(["a", "b"])
        await deliverer.post([SampleAlert.fired(channels: ["a", "b"])])
        await deliverer.replaceChannels([channel("b")])
        await drain(deliverer)
        #expect(receivers.received == ["b -0"])
    }

    @Test func `errors of the transport tell their type and not what they hold`() async {
        struct Leaky: Error { let url = "https://example.com/hush" }
        let deliverer = Deliverer(
            channels: [channel("ops")],
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock.gateway,
            sleep: { _ in },
            transport: { _ in throw Leaky() }
        )
        await deliverer.post([SampleAlert.fired()])
        _ = await deliverer.deliverDue()
        #expect(await deliverer.counts["ops"]?.lastFailure == "the request failed (Leaky)")
    }

    @Test func `an address that must not be asked is not tried again`() async {
        let deliverer = Deliverer(
            channels: [channel("ops")],
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock.gateway,
            sleep: { _ in },
            transport: { _ in throw AddressRefusal.unreachable(host: "10.0.0.1", .ownNetwork) }
        )
        await deliverer.post([SampleAlert.fired()])
        #expect(await deliverer.deliverDue() == nil)
        #expect(await deliverer.counts["ops"]?.dead == 1)
    }

    @Test func `the loop wakes for what comes and for what is due`() async {
        let (arrivals, arrived) = AsyncStream.makeStream(of: String.self)
        let attempts = Mutex(0)
        let deliverer = Deliverer(
            channels: [channel("ops")],
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock.gateway,
            sleep: { [clock] in
                clock.advance(by: $0)
                try Task.checkCancellation()
            },
            random: { 0.5 },
            transport: { notice in
                let attempt = attempts.withLock { count in
                    count += 1
                    return count
                }
                guard attempt > 2 else { return NoticeAnswer(status: 500) }
                arrived.yield(notice.id)
                return NoticeAnswer(status: 200)
            }
        )
        let loop = Task { await deliverer.run() }
        let alert = SampleAlert.fired()
        await deliverer.post([alert])
        let first = await arrivals.first { _ in true }
        #expect(first == alert.id)
        #expect(attempts.withLock { $0 } == 3)
        loop.cancel()
        await loop.value
    }
}
