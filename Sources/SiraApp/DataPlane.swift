import Logging
import NIOCore
import ServiceLifecycle
import SiraAdmin
import SiraConfiguration
import SiraServer

/// The API while it is served: from the open socket to the last answer.
struct DataPlane: Service {
    let lanes: LaneSet
    let settings: SiraServer.ServerSettings
    let drainTimeout: Duration
    let listeners: ListenerState
    let logger: Logger
    /// Called with the port once clients can connect.
    let onListening: @Sendable (Int) async -> Void

    /// How long requests that were cut off may take to be booked.
    private static let settleTimeout = Duration.seconds(2)

    /// Serves until the process is asked to stop; then lets the running requests end, for as long as is allowed.
    ///
    /// - Throws: ``ListenError`` when the address cannot be listened on.
    func run() async throws {
        let listener = try await bind()
        let port = listener.localAddress?.port ?? settings.port
        logger.info("API surface is listening", metadata: ["host": "\(settings.host)", "port": "\(port)"])
        await onListening(port)
        try? await gracefulShutdown()
        listeners.isDraining = true
        let impatience = RepeatedSignal()
        defer { impatience.stop() }
        logger.info(
            "draining; a second signal ends this at once",
            metadata: ["timeout_s": "\(drainTimeout.components.seconds)"]
        )
        try? await listener.close()
        lanes.onEach { $0.drain() }
        await wait(atMost: drainTimeout, unless: impatience) { $0.isBusy }
        lanes.onEach { $0.closeConnections() }
        // Requests that were cut off have used something too, and book it before the journal closes.
        await wait(atMost: Self.settleTimeout) { $0.isAnswering }
        let lost = await lanes.collect { $0.closeJournal() }.reduce(0, +)
        if lost > 0 {
            logger.critical("usage records could not be written and are lost", metadata: ["records": "\(lost)"])
        }
    }
}

extension DataPlane {
    private func bind() async throws(ListenError) -> any Channel {
        do {
            return try await Listener.bind(settings, group: lanes.group) { lanes.front(of: $0) }
        } catch {
            throw ListenError(
                name: .api,
                address: ListenAddress(host: settings.host, port: settings.port),
                cause: error
            )
        }
    }

    /// Waits while something holds on any lane.
    private func wait(
        atMost limit: Duration,
        unless impatience: RepeatedSignal? = nil,
        while holds: @escaping @Sendable (LaneFront) -> Bool
    ) async {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, impatience?.hasFired != true, await lanes.collect(holds).contains(true) {
            // Not to be cut short by the cancellation of a process that fails at its start.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        }
    }
}

/// The admin listener, whose failure to listen says which listener it is.
struct ControlPlane: Service {
    let server: AdminServer
    let address: ListenAddress

    /// - Throws: ``ListenError`` when the address cannot be listened on.
    func run() async throws {
        do {
            try await server.run()
        } catch  where server.boundPort == nil {
            throw ListenError(name: .admin, address: address, cause: error)
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
