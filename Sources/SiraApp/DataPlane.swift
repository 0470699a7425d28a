import Logging
import NIOCore
import ServiceLifecycle
import SiraServer

/// The API while it is served: from the open socket to the last answer.
struct DataPlane: Service {
    let lanes: LaneSet
    let listener: any Channel
    let drainTimeout: Duration
    let logger: Logger

    /// Serves until the process is asked to stop; then lets the running requests end, for as long as is allowed.
    func run() async throws {
        try? await gracefulShutdown()
        logger.info("draining", metadata: ["timeout": "\(drainTimeout)"])
        try? await listener.close()
        lanes.onEach { $0.drain() }
        let deadline = ContinuousClock.now + drainTimeout
        while ContinuousClock.now < deadline, await lanes.collect({ $0.isBusy }).contains(true) {
            try? await Task.sleep(for: .milliseconds(20))
        }
        let lost = await lanes.collect { $0.close() }.reduce(0, +)
        if lost > 0 {
            logger.critical("usage records could not be written and are lost", metadata: ["records": "\(lost)"])
        }
    }
}

/// Something that runs in the background until the process is asked to stop.
struct BackgroundService: Service {
    let body: @Sendable () async -> Void

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await body() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }
}
