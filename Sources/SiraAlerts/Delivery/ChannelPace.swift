import SiraCore

/// How fast messages may go to one channel: an average rate, and a few at once (the generic cell rate algorithm).
package struct ChannelPace: Hashable, Sendable {
    /// The time that each message takes up.
    package var interval: Duration
    /// How many may go at once after a silence.
    package var burst: Int

    package init(perMinute: Int, burst: Int) {
        interval = .seconds(60) / max(1, perMinute)
        self.burst = max(1, burst)
    }

    /// What the receivers' own limits allow: DingTalk and WeCom take 20 messages a minute and shut out who sends more,
    /// Feishu 100 a minute and 5 a second, Slack one a second.
    package static func usual(for destination: AlertChannel.Destination) -> ChannelPace {
        switch destination {
        case .dingTalk, .weCom: ChannelPace(perMinute: 15, burst: 3)
        case .feishu: ChannelPace(perMinute: 60, burst: 4)
        case .slack: ChannelPace(perMinute: 50, burst: 2)
        case .webhook: ChannelPace(perMinute: 120, burst: 10)
        case .mail: ChannelPace(perMinute: 30, burst: 5)
        }
    }

    /// The time from which on a message may go, after one went at `time`.
    func next(after time: Timestamp, due: Timestamp) -> Timestamp {
        max(time, due).advanced(by: interval)
    }

    /// From when on a message may go.
    func allowed(_ due: Timestamp) -> Timestamp {
        due.advanced(by: .zero - interval * (burst - 1))
    }
}
