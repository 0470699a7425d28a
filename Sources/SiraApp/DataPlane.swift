import Logging
import NIOCore
import ServiceLifecycle
import SiraServer

/// The API while it is served: from the open socket to the last answer.
struct DataPlane: Service {
    let lanes: LaneSet
    let settings: SiraServer.ServerSettings
    let drainTimeout: Duration
    let logger: Logger
    /// Called with the port once clients can connect.
    let onListening: @Sendable (Int) async -> Void

    /// Serves until the process is asked to stop; then lets the running requests end, for as long as is allowed.
    ///
    /// - Throws: when the address cannot be listened on.
    func run() async throws {
        let listener = try await Listener.bind(settings, group: lanes.group) { lanes.front(of: $0) }
        let port = listener.localAddress?.port ?? settings.port
        logger.info("API surface is listening", metadata: ["host": "\(settings.host)", "port": "\(port)"])
        await onListening(port)
        try? await gracefulShutdown()
        let impatience = RepeatedSignal()
        defer { impatience.stop() }
        logger.info(
            "draining; a second signal ends this at once",
            metadata: ["timeout_s": "\(drainTimeout.components.seconds)"]
        )
        try? await listener.close()
        lanes.onEach { $0.drain() }
        let deadline = ContinuousClock.now + drainTimeout
        while ContinuousClock.now < deadline, !impatience.hasFired, await lanes.collect({ $0.isBusy }).contains(true) {
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
