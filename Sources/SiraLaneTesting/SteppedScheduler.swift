import SiraPipeline
import SiraTesting

/// Begins work on a loop that tests step.
final class SteppedScheduler: LaneScheduler {
    private let loop: SteppedLoop

    init(_ loop: SteppedLoop) {
        self.loop = loop
    }

    func spawn(_ body: @escaping () async -> Void) { loop.spawn(body) }

    func after(_ delay: Duration, _ action: @escaping () -> Void) -> () -> Void { loop.after(delay, action) }
}
