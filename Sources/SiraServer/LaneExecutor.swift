import NIOCore

/// Runs the lane's tasks on its event loop, and nowhere else.
///
/// It is the lane's serial executor and the preferred executor of its tasks in one. A task that waits for a continuation
/// is resumed, by the language's rules, on its *task* executor before it goes back to its actor; without a preference that
/// is a thread of the global pool, so each wait would cost two changes of thread.
final class LaneExecutor: SerialExecutor, TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    func checkIsolated() {
        loop.preconditionInEventLoop()
    }
}
