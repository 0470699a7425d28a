import NIOCore
import SiraPipeline
import SiraCore

/// Begins work on a lane by its event loop.
package final class LoopScheduler: LaneScheduler {
    private let lane: Lane

    package init(_ lane: Lane) {
        self.lane = lane
    }

    package func spawn(_ body: @escaping () async -> Void) {
        let job = NIOLoopBound(body, eventLoop: lane.loop)
        lane.start { _ in await job.value() }
    }

    package func after(_ delay: Duration, _ action: @escaping () -> Void) -> () -> Void {
        let job = NIOLoopBound(action, eventLoop: lane.loop)
        let timer = lane.loop.scheduleTask(in: .nanoseconds(Int64(clamping: delay.wholeNanoseconds))) { job.value() }
        return { timer.cancel() }
    }
}
