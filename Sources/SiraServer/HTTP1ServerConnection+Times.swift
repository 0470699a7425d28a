import NIOCore
import SiraCore

/// What its lane asks of the connection: to keep to its times, and to come to an end.
extension HTTP1ServerConnection: LaneConnection {
    func checkDeadlines(now: UInt64) {
        let limits = front.settings.limits
        observeProgress(now)
        let age = now &- since
        switch state {
        case .head where firstByteAt == nil && !progress.mayWait:
            if now &- max(since, progress.movedAt) > limits.idleTime.wholeNanoseconds { close() }
        case .head, .body:
            guard firstByteAt != nil else { break }
            if age > limits.requestTime.wholeNanoseconds { refuse(front.requestTooSlow, target: arrivingTarget) }
        case .lingering where !progress.mayWait:
            if now &- max(since, progress.movedAt) > Self.lingerTime { close() }
        case .answering:
            if let upload, !upload.isInTime(now: now) { state = .answering(keepsAlive: false) }
        case .lingering, .closed:
            break
        }
        // The client takes nothing of what is there for it.
        if progress.mayWait, now &- progress.movedAt > limits.idleTime.wholeNanoseconds { close() }
    }

    /// How long a client may go on sending after it has been given an error, in nanoseconds.
    private static let lingerTime: UInt64 = 5_000_000_000

    private func observeProgress(_ now: UInt64) {
        guard progress.mayWait, let channel = context?.channel else { return }
        // Fails only on a closed channel, where nothing waits.
        let waiting = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        progress.observe(waiting: waiting, now: now)
    }

    func drain() {
        switch state {
        case .head where firstByteAt == nil:
            observeProgress(front.clock.uptime())
            guard progress.mayWait else { return close() }
            state = .lingering
            context?.close(mode: .output, promise: nil)
        case .answering(true) where !hasStarted: state = .answering(keepsAlive: false)
        case .head, .body, .answering, .lingering, .closed: break
        }
    }
}
