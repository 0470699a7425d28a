package import NIOCore
import SiraPipeline

/// Everything of a connection, its requests and their upstream connections, on one event loop.
///
/// An actor only for its executor: code that runs on it may wait in the middle of a line and is still the only code
/// that touches the lane's objects. Those objects are not part of the actor; they belong to the event loop, so that
/// channel handlers reach them by a plain call.
package actor Lane {
    package nonisolated let loop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private nonisolated let resumption: LaneResumption

    package init(loop: any EventLoop) {
        self.loop = loop
        resumption = LaneResumption(loop: loop)
    }

    /// Runs `body` on the lane, beginning in this very call.
    ///
    /// Must be called on the lane's event loop.
    nonisolated func start(_ body: @escaping @Sendable (isolated Lane) async -> Void) {
        assumeIsolated { lane in
            _ = Task.immediate(executorPreference: resumption) { [lane] in await body(lane) }
        }
    }
}

/// Where a lane's tasks go on after a wait.
///
/// A continuation that is resumed hands its task to the task's preferred executor, and only from there does it hop to
/// the actor that it belongs to. Without a preference that is the global pool: two changes of thread for each wait,
/// although both ends of it are on the event loop. With this one it is the next job of the same loop.
private final class LaneResumption: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in
            job.runSynchronously(
                isolatedTo: loop.executor.asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        }
    }
}
