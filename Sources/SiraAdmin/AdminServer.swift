import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import ServiceLifecycle
import SiraCore
import Synchronization

/// The admin listener: page, status, metrics and health, over HTTP/1.1.
///
/// ``run()`` ends when its task is cancelled or the service group around it shuts down gracefully; idle connections are
/// then closed at once, and answers under way have ``shutdownLimit``.
package final class AdminServer: Service {
    private let settings: AdminSettings
    private let routes: AdminRoutes
    private let access: AdminAccess
    private let group: (any EventLoopGroup)?
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void
    private let port = Mutex<Int?>(nil)

    /// Connections that are accepted at the same time.
    ///
    /// Browsers, scrapers and probes need few.
    private static let maximumConnections = 256
    private static let idleTimeout = TimeAmount.seconds(60)
    private static let shutdownLimit = Duration.seconds(2)

    /// A server that does not listen yet.
    ///
    /// - Parameters:
    ///   - group: the event loops to run on, apart from the lanes; the process-wide ones when nil.
    ///   - onListening: called once with the port that is listened on.
    /// - Throws: ``AdminSettingsError`` when the settings would let strangers in.
    package init(
        settings: AdminSettings,
        source: AdminSource,
        group: (any EventLoopGroup)? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(AdminSettingsError) {
        try settings.validate()
        self.settings = settings
        self.group = group
        self.logger = logger
        self.onListening = onListening
        access = AdminAccess(settings)
        routes = AdminRoutes(source: source, access: access)
    }

    /// Takes over token and names; address and port stay as they are.
    ///
    /// - Throws: ``AdminSettingsError`` when the surface would be open to strangers, and then nothing is changed.
    package func adopt(_ new: AdminSettings) throws(AdminSettingsError) {
        var changed = settings
        changed.token = new.token
        changed.names = new.names
        changed.publicURL = new.publicURL
        try changed.validate()
        access.adopt(changed)
    }

    /// The port that is listened on; nil before that.
    package var boundPort: Int? { port.withLock { $0 } }

    /// Listens and answers until it is told to stop.
    ///
    /// - Throws: when the address cannot be listened on.
    package func run() async throws {
        let application = Application(
            router: routes.router(),
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { [self] channel in
                guard let bound = channel.localAddress?.port else { return }
                port.withLock { $0 = bound }
                logger.info("admin surface is listening", metadata: ["host": "\(settings.host)", "port": "\(bound)"])
                await onListening(bound)
            },
            eventLoopGroupProvider: group.map { .shared($0) } ?? .singleton,
            logger: quietLogger
        )
        var configuration = ServiceGroupConfiguration(services: [application], logger: quietLogger)
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        let services = ServiceGroup(configuration: configuration)
        // The framework ends the process when it is cancelled at the moment at which it accepts a connection, so it
        // runs in a task of its own that is never cancelled from outside but always asked to stop.
        let running = Task { try await services.run() }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await running.value
        } onCancelOrGracefulShutdown: {
            Task { await services.triggerGracefulShutdown() }
        }
    }

    /// The framework's own remarks are of interest to nobody unless something is wrong.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
