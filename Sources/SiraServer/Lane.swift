package import NIOCore
import SiraPipeline

/// Everything of a connection, its requests and their upstream connections, on one event loop.
///
/// An actor only for its executor: code that runs on it may wait in the middle of a line and is still the only code
/// that touches the lane's objects. Those objects are not part of the actor; they belong to the event loop, so that
/// channel handlers reach them by a plain call.
package actor Lane {
    package nonisolated let loop: any EventLoop
    private nonisolated let executor: LaneExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(loop: any EventLoop) {
        self.loop = loop
        executor = LaneExecutor(loop)
    }

    /// Runs `body` on the lane, beginning in this turn of the event loop.
    ///
    /// Must be called on the lane's event loop.
    nonisolated func start(_ body: @escaping @Sendable (isolated Lane) async -> Void) {
        assumeIsolated { lane in
            _ = Task.immediate(executorPreference: executor) { [lane] in await body(lane) }
        }
    }
}
