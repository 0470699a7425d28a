package import Dispatch
package import NIOCore
import SiraCore

/// An event loop that does something only when a test says so, on the thread of the test.
///
/// It is also the executor of what waits on it, so whole stories of asynchronous code run without another thread, and in
/// the same order each time. Its timers go by a ``VirtualClock``: one that is due fires in the next ``run()``.
///
/// Unchecked, because it is used by one test from one thread at a time.
package final class SteppedLoop: NIOSerialEventLoopExecutor, TaskExecutor, @unchecked Sendable {
    private struct Timer {
        var due: UInt64
        var number: Int
        var fire: () -> Void
    }

    private let clock: VirtualClock
    private var tasks: [@Sendable () -> Void] = []
    /// The one that is due last comes first; cancelled ones are taken out.
    private var timers: [Timer] = []
    private var timersMade = 0

    package init(clock: VirtualClock = VirtualClock()) {
        self.clock = clock
    }

    package var inEventLoop: Bool { true }

    package func execute(_ task: @escaping @Sendable () -> Void) {
        tasks.append(task)
    }

    /// Runs what there is to do, and what comes of it, until there is nothing more.
    package func run() {
        repeat {
            while !tasks.isEmpty { tasks.removeFirst()() }
        } while fireDueTimer()
    }

    /// Whether ``run()`` would do anything, apart from timers.
    package var hasTasks: Bool { !tasks.isEmpty }

    /// When the next timer is due, in nanoseconds of the clock's uptime; nil when there is none.
    package var nextTimer: UInt64? { timers.last?.due }

    /// Moves the clock, stopping at each timer that is due on the way.
    package func advance(by duration: Duration) {
        let end = clock.uptime + duration.wholeNanoseconds
        while let due = nextTimer, due <= end {
            clock.advance(by: .nanoseconds(max(due, clock.uptime) - clock.uptime))
            run()
        }
        clock.advance(by: .nanoseconds(end - clock.uptime))
        run()
    }

    private func fireDueTimer() -> Bool {
        guard let due = nextTimer, due <= clock.uptime else { return false }
        timers.removeLast().fire()
        return true
    }

    /// Calls `action` after `delay` of the clock, in the ``run()`` that comes then.
    ///
    /// - Returns: what takes the timer back.
    package func after(_ delay: Duration, _ action: @escaping () -> Void) -> () -> Void {
        timersMade += 1
        let timer = Timer(due: clock.uptime + delay.wholeNanoseconds, number: timersMade, fire: action)
        // Of those that are due at the same time the first made fires first, so it stands last.
        timers.insert(timer, at: place(of: timer.due, timer.number))
        return { [self, due = timer.due, number = timer.number] in
            let place = place(of: due, number)
            if timers.indices.contains(place), timers[place].number == number { timers.remove(at: place) }
        }
    }

    /// Where a timer stands, or would stand.
    private func place(of due: UInt64, _ number: Int) -> Int {
        var (low, high) = (0, timers.count)
        while low < high {
            let middle = (low + high) / 2
            if (timers[middle].due, timers[middle].number) > (due, number) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Begins `body`, as a lane begins a request, and goes on until nothing moves.
    ///
    /// `body` may still be waiting then, for something that the test does later, before the next ``run()``.
    package func start(_ body: @escaping () async -> Void) {
        spawn(body)
        run()
    }

    /// Begins `body` and leaves what comes of it to ``run()``.
    package func spawn(_ body: @escaping () async -> Void) {
        let job = NIOLoopBound(body, eventLoop: self)
        SteppedActor(self).assumeIsolated { actor in
            _ = Task.immediate(executorPreference: self) { [actor] in await actor.perform(job) }
        }
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
        preconditionFailure("a stepped loop knows no moment but its clock's")
    }

    package func scheduleTask<Value>(
        in delay: TimeAmount,
        _ task: @escaping @Sendable () throws -> Value
    ) -> Scheduled<Value> {
        preconditionFailure("a stepped loop's timers are set by after(_:_:)")
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
