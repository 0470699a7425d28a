package import Dispatch
package import NIOCore

/// An event loop that does something only when a test says so, on the thread of the test.
///
/// It is also the executor of what waits on it, so whole stories of asynchronous code run without another thread, and in
/// the same order each time. It has no timers: what it serves reads a ``VirtualClock`` and is ticked.
///
/// Unchecked, because it is used by one test from one thread at a time.
package final class SteppedLoop: NIOSerialEventLoopExecutor, TaskExecutor, @unchecked Sendable {
    private var tasks: [@Sendable () -> Void] = []

    package init() {}

    package var inEventLoop: Bool { true }

    package func execute(_ task: @escaping @Sendable () -> Void) {
        tasks.append(task)
    }

    /// Runs what there is to do, and what comes of it, until there is nothing more.
    package func run() {
        while !tasks.isEmpty { tasks.removeFirst()() }
    }

    /// Whether ``run()`` would do anything.
    package var hasTasks: Bool { !tasks.isEmpty }

    /// Begins `body`, as a lane begins a request, and goes on until nothing moves.
    ///
    /// `body` may still be waiting then, for something that the test does later, before the next ``run()``.
    package func start(_ body: @escaping () async -> Void) {
        let job = NIOLoopBound(body, eventLoop: self)
        SteppedActor(self).assumeIsolated { actor in
            _ = Task.immediate(executorPreference: self) { [actor] in await actor.perform(job) }
        }
        run()
    }

    // MARK: executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        execute { [self] in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    // MARK: EventLoop

    package func scheduleTask<Value>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        preconditionFailure("a stepped loop has no timers")
    }

    package func scheduleTask<Value>(
        in delay: TimeAmount,
        _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        preconditionFailure("a stepped loop has no timers")
    }

    package func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        queue.async { callback(nil) }
    }
}

/// Gives the loop's executor to a task.
private actor SteppedActor {
    private nonisolated let loop: SteppedLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: SteppedLoop) {
        self.loop = loop
    }

    func perform(_ job: NIOLoopBound<() async -> Void>) async {
        await job.value()
    }
}
