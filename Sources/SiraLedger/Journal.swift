import Dispatch
package import Logging
package import SiraCore
package import SiraStorage
import Synchronization

/// The crash-safe way of usage records from the lanes to the database.
///
/// A lane writes a record to its segment before the answer's last byte goes out; the shipper moves segments to the
/// database and deletes them after the commit. The database may be away for as long as the disk has room.
package final class Journal: Sendable {
    private let directory: JournalDirectory
    private let settings: JournalSettings
    private let registry: SegmentRegistry
    let synchronizer: JournalSynchronizer
    private let shipper: Shipper
    private let files: FileCalls
    private let clock: GatewayClock
    private let logger: Logger
    private let lanes = Atomic<Int>(0)

    /// How often closed segments are looked for.
    private static let pause = Duration.milliseconds(250)
    /// The longest wait between attempts at a store that fails.
    private static let longestPause = Duration.seconds(15)

    /// Opens the journal in a data directory, which it holds alone, and finds what an earlier process left.
    ///
    /// - Throws: ``JournalError``, among them that another server has the directory.
    package convenience init(
        data: String,
        store: any UsageStore,
        settings: JournalSettings = JournalSettings(),
        clock: GatewayClock = .system,
        logger: Logger
    ) throws(JournalError) {
        try self.init(data: data, store: store, settings: settings, files: .system, clock: clock, logger: logger)
    }

    init(
        data: String,
        store: any UsageStore,
        settings: JournalSettings,
        files: FileCalls,
        clock: GatewayClock,
        logger: Logger
    ) throws(JournalError) {
        directory = try JournalDirectory(data: data)
        registry = SegmentRegistry(settings: settings)
        for (name, bytes) in try directory.segments() { registry.found(name, bytes: bytes) }
        registry.putAside(try directory.damagedCount())
        synchronizer = JournalSynchronizer(directory: directory, registry: registry, files: files, logger: logger)
        shipper = Shipper(
            directory: directory,
            registry: registry,
            store: store,
            batchSize: settings.batchSize,
            logger: logger
        )
        self.settings = settings
        self.files = files
        self.clock = clock
        self.logger = logger
    }

    /// A new lane, for one event loop.
    package func makeLane() -> sending JournalLane {
        JournalLane(
            number: lanes.add(1, ordering: .relaxed).oldValue,
            directory: directory.path,
            settings: settings,
            registry: registry,
            files: files,
            clock: clock,
            logger: logger
        )
    }

    /// Whether new requests may come in.
    ///
    /// False when a lane's memory is full because the disk cannot be written, or when the journal is over its size
    /// limit and the settings say to refuse then. A few atomic loads.
    package var acceptsRecords: Bool { registry.acceptsRecords }

    /// What is in the journal now.
    package var depth: JournalDepth { registry.depth(at: clock.now()) }

    /// Whether something is wrong that people should see to now: over the size limit, or so long not writable that a
    /// lane's memory is full.
    ///
    /// A few atomic loads.
    package var isAlarming: Bool { registry.isOverLimit || registry.hasFullLane }

    /// How often, since the start, the operating system has refused to create, to write or to force to the disk.
    package var writeErrors: Int { registry.writeErrors }

    /// Segments that were put aside and wait for someone to look at them; see ``JournalDepth/damagedSegments``.
    package var damagedSegments: Int { registry.damagedSegments }

    /// Ships what can be shipped now.
    @concurrent package func shipOnce() async throws -> Shipment { try await shipper.shipOnce() }

    // MARK: running

    /// Ships and forces to the disk until the task is cancelled; then ships what the lanes have closed, and returns.
    ///
    /// Cancel it after the lanes have closed theirs (``JournalLane/close()``). What cannot be shipped stays in its
    /// files for the next start.
    @concurrent package func run() async {
        var timer: (any DispatchSourceTimer)?
        if case .interval(let interval) = settings.synchronization { timer = synchronizer.start(every: interval) }
        await shipUntilCancelled()
        timer?.cancel()
        // Stores give up when their task is cancelled, and the last round must not.
        await Task { await self.shipTheRest() }.value
        if settings.synchronization != .never { synchronizer.synchronizeOnce() }
    }

    private func shipUntilCancelled() async {
        var pause = Self.pause
        var isFailing = false
        while !Task.isCancelled {
            do {
                let shipment = try await shipper.shipOnce()
                if isFailing {
                    logger.notice("the journal is being shipped again", metadata: ["records": "\(shipment.records)"])
                }
                isFailing = false
                pause = Self.pause
            } catch is CancellationError {
                return
            } catch let error as JournalError {
                // Only these files are kept back; there is no reason to let the others wait.
                logger.error(
                    "a journal segment cannot be shipped; it is kept and tried again",
                    metadata: ["error": "\(error)"]
                )
                isFailing = false
                pause = Self.pause
            } catch {
                complain(error, isFirst: !isFailing)
                isFailing = true
                pause = min(pause * 2, Self.longestPause)
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func shipTheRest() async {
        if registry.hasOpenSegments {
            logger.warning("the journal stops before all lanes have closed; the next start ships what they hold")
        }
        do {
            _ = try await shipper.shipOnce()
        } catch {
            complain(error, isFirst: true)
        }
    }

    private func complain(_ error: any Error, isFirst: Bool) {
        let depth = depth
        logger.log(
            level: isFirst ? .error : .warning,
            "the journal cannot be shipped; it is kept",
            metadata: [
                "error": "\(error)", "segments": "\(depth.segments)", "bytes": "\(depth.bytes)",
            ]
        )
    }
}
