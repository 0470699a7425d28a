package import Logging
package import SiraCore
import SiraJSON

/// Brings alerts to channels: at least once, in order within an incident, as fast as the receivers like.
///
/// A message that was sent and not confirmed is sent again under the same id. What waits is bounded and, apart from
/// ``waitingJSON``, lost with the process.
package actor Deliverer {
    /// Sends a message and gives the answer.
    ///
    /// Must end in time by itself, and must ask only addresses that the operator's `AddressGuard` admits. Its errors
    /// are not shown to anybody, since they may hold the URL.
    package typealias Transport = @Sendable (OutgoingNotice) async throws -> NoticeAnswer

    private let transport: Transport
    private let clock: GatewayClock
    private let sleep: @Sendable (Duration) async throws -> Void
    private let random: @Sendable () -> Double
    private let settings: DelivererSettings
    private let log: Logger
    private var channels: [String: AlertChannel] = [:]
    private var queues: [String: ChannelQueue] = [:]
    private let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private var timer: Task<Void, Never>?
    /// Alerts that named a channel which is not there.
    package private(set) var misdirected = 0

    package init(
        channels: [AlertChannel],
        settings: DelivererSettings = DelivererSettings(),
        log: Logger,
        clock: GatewayClock = .system,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        transport: @escaping Transport
    ) {
        self.settings = settings
        self.log = log
        self.clock = clock
        self.sleep = sleep
        self.random = random
        self.transport = transport
        self.channels = Dictionary(channels.map { ($0.id, $0) }) { first, _ in first }
        (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Replaces the channels; what waits for one that is gone is dropped.
    package func replaceChannels(_ channels: [AlertChannel]) {
        self.channels = Dictionary(channels.map { ($0.id, $0) }) { first, _ in first }
        queues = queues.filter { self.channels[$0.key] != nil }
        wake.yield()
    }

    /// Hands in alerts for the channels that they name.
    package func post(_ alerts: [Alert]) {
        for alert in alerts {
            for id in alert.channels { add(alert, to: id) }
        }
        wake.yield()
    }

    private func add(_ alert: Alert, to id: String, failures: Int = 0) {
        guard let channel = channels[id], channel.isEnabled else {
            misdirected += 1
            return
        }
        let queue = ChannelQueue(limit: settings.waiting, pace: .usual(for: channel.destination))
        queues[id, default: queue].add(alert, at: clock.now(), failures: failures)
    }

    /// Sends a message at once and past the queue, to try a channel out.
    package func attempt(_ alert: Alert, on channel: AlertChannel) async -> DeliveryVerdict {
        await verdict(on: channel.notice(of: alert, at: clock.now()), to: channel)
    }

    /// What has become of the messages, by channel.
    package var counts: [String: DeliveryCounts] { queues.mapValues(\.counts) }

    /// How many messages wait, by channel.
    package var waiting: [String: Int] { queues.mapValues(\.items.count) }

    // MARK: the loop

    /// Delivers until the task is cancelled.
    package func run() async {
        wake.yield()
        await withDiscardingTaskGroup { group in
            for await _ in wakeups {
                for (id, alert) in startDue() { group.addTask { await self.send(alert, to: id) } }
                setTimer()
            }
        }
        timer?.cancel()
        timer = nil
    }

    /// Sends what is due now, one after the other, until nothing more is; for a program that is about to end.
    ///
    /// - Returns: when the next message is due; nil when none waits.
    package func deliverDue() async -> Timestamp? {
        while true {
            let due = startDue()
            guard !due.isEmpty else { return nextDue() }
            for (id, alert) in due { await send(alert, to: id) }
        }
    }

    /// Marks what is due as on its way.
    private func startDue() -> [(channel: String, alert: Alert)] {
        let now = clock.now()
        var due: [(channel: String, alert: Alert)] = []
        for id in queues.keys.sorted() {
            if case .send(let alert) = queues[id]?.next(at: now) { due.append((id, alert)) }
        }
        return due
    }

    private func nextDue() -> Timestamp? {
        let now = clock.now()
        var earliest: Timestamp?
        for id in queues.keys {
            guard var queue = queues[id] else { continue }
            switch queue.next(at: now) {
            case .send: return now
            case .wait(let until): earliest = min(earliest ?? until, until)
            case .idle: continue
            }
        }
        return earliest
    }

    private func setTimer() {
        timer?.cancel()
        timer = nil
        guard let due = nextDue() else { return }
        let wait = Duration.microseconds(max(0, due.microseconds - clock.now().microseconds))
        timer = Task { [sleep, wake] in
            // A sleep that fails was cancelled: another timer takes this one's place.
            guard (try? await sleep(wait)) != nil else { return }
            wake.yield()
        }
    }

    private func send(_ alert: Alert, to id: String) async {
        guard let channel = channels[id], channel.isEnabled else {
            queues[id] = nil
            return
        }
        let verdict = await verdict(on: channel.notice(of: alert, at: clock.now()), to: channel)
        if case .retry = verdict, Task.isCancelled {
            queues[id]?.release(alert.id)
            return
        }
        let reason = queues[id]?.settle(alert.id, verdict, settings.retries, at: clock.now(), random: random())
        if let reason = reason ?? nil {
            log.error(
                "a message was given up",
                metadata: ["channel": "\(id)", "notice": "\(alert.id)", "reason": "\(reason)"]
            )
        }
        wake.yield()
    }

    private func verdict(on notice: OutgoingNotice, to channel: AlertChannel) async -> DeliveryVerdict {
        do {
            return DeliveryVerdict(try await transport(notice), from: channel.destination, at: clock.now())
        } catch let refusal as AddressRefusal where refusal != .unresolved {
            return .refused(reason: refusal.description)
        } catch let failure as SMTPFailure {
            return .retry(reason: failure.description, after: nil)
        } catch {
            return .retry(reason: "the request failed (\(type(of: error)))", after: nil)
        }
    }
}

extension Deliverer {
    /// What waits, for a later process.
    package var waitingJSON: [UInt8] {
        var json = JSONWriter()
        json.object { object in
            object.member("version", 1)
            object.array("waiting") { list in
                for id in queues.keys.sorted() {
                    for item in queues[id]?.items ?? [] {
                        list.object {
                            $0.member("channel", id)
                            $0.member("failures", item.failures)
                            $0.object("alert") { item.alert.write(to: &$0) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    /// Takes over what another process left waiting.
    ///
    /// - Throws: ``JSONError`` when it is not JSON. Single messages that cannot be read are passed over.
    package func restore(_ state: [UInt8]) throws {
        try JSONIndexer().read(state, limits: .answer) { root in
            for value in root["waiting"].map({ Array($0.elements) }) ?? [] {
                guard let id = value["channel"]?.string, let json = value["alert"],
                    let alert = Alert(json: json, channels: [id])
                else { continue }
                add(alert, to: id, failures: min(max(0, Int(clamping: value["failures"]?.integer ?? 0)), 100))
            }
        }
        wake.yield()
    }
}

/// What a ``Deliverer`` holds itself to.
package struct DelivererSettings: Hashable, Sendable {
    /// Messages that wait for one channel at most.
    package var waiting = 256
    package var retries = RetryPlan()

    package init() {}
}
