package import SiraCore
import SiraJSON

/// What an answer means for a message.
package enum DeliveryVerdict: Hashable, Sendable {
    case delivered
    /// Another try may help, no sooner than after this time if there is one.
    case retry(reason: String, after: Duration?)
    /// No other try will help.
    case refused(reason: String)

    /// Judges an answer by the channel's customs.
    ///
    /// Bots answer with status 200 and tell of errors in the body; a 200 without the word that all is well is a failure.
    package init(_ answer: NoticeAnswer, from destination: AlertChannel.Destination, at time: Timestamp) {
        if case .mail = destination {
            self = Self.mail(answer)
            return
        }
        guard (200..<300).contains(answer.status) else {
            self = Self.http(answer, at: time)
            return
        }
        switch destination {
        case .webhook, .mail: self = .delivered
        case .slack:
            let isFine = answer.body.starts(with: "ok".utf8)
            self = isFine ? .delivered : .retry(reason: "Slack did not answer ok", after: nil)
        case .feishu: self = Self.bot(answer, codes: ["code", "StatusCode"], refused: Self.feishuRefusals)
        case .dingTalk: self = Self.bot(answer, codes: ["errcode"], refused: Self.dingTalkRefusals)
        case .weCom: self = Self.bot(answer, codes: ["errcode"], refused: Self.weComRefusals)
        }
    }

    /// Malformed, signature, address, keyword.
    private static let feishuRefusals: Set<Int64> = [9_499, 19_001, 19_002, 19_021, 19_022, 19_024]
    /// Security settings, unknown token, parameters, robot switched off.
    private static let dingTalkRefusals: Set<Int64> = [310_000, 300_001, 400_101, 40_035, 400_013]
    /// Unknown key, malformed, too long.
    private static let weComRefusals: Set<Int64> = [93_000, 40_008, 40_058, 44_004]

    private static func mail(_ answer: NoticeAnswer) -> DeliveryVerdict {
        switch answer.status {
        case 200..<300: .delivered
        case 500..<600: .refused(reason: "the mail server answered \(answer.status)")
        default: .retry(reason: "the mail server answered \(answer.status)", after: nil)
        }
    }

    private static func http(_ answer: NoticeAnswer, at time: Timestamp) -> DeliveryVerdict {
        let reason = "status \(answer.status)"
        switch answer.status {
        case 408, 409, 421, 425, 429, 500..<600: return .retry(reason: reason, after: wait(answer, at: time))
        default: return .refused(reason: reason)
        }
    }

    /// What the answer's `Retry-After` asks for (RFC 9110, section 10.2.3): seconds or a date.
    private static func wait(_ answer: NoticeAnswer, at time: Timestamp) -> Duration? {
        guard let text = answer.retryAfter else { return nil }
        if let seconds = Int64(text), seconds >= 0 { return .seconds(min(seconds, 86_400)) }
        guard let date = Timestamp(httpDate: text) else { return nil }
        return .microseconds(max(0, date.microseconds - time.microseconds))
    }

    private static func bot(_ answer: NoticeAnswer, codes: [String], refused: Set<Int64>) -> DeliveryVerdict {
        let code = try? JSONIndexer().read(answer.body, limits: .answer) { root in
            root.members.first { codes.contains($0.key.string ?? "") }?.value.integer
        }
        guard let code else { return .retry(reason: "the answer holds no code", after: nil) }
        if code == 0 { return .delivered }
        return refused.contains(code) ? .refused(reason: "code \(code)") : .retry(reason: "code \(code)", after: nil)
    }
}
