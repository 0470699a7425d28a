import Logging
package import SiraConfiguration
import SiraCore
import SiraExperiments
import SiraLedger
import SiraSQLite
import SiraStorage
import SiraTelemetry

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The data directory: the database and the journal that fills it.
struct Books: Sendable {
    let database: SQLiteDatabase
    let journal: Journal
    let retention: Retention
    let responses: ResponseArchive
    let decisions: DecisionArchive
    let experiments: ExperimentKeeping
    /// How long what is said of a request is kept: as long as the request; nil is for good.
    let requestTime: Duration?
    private let usage: any UsageStore

    /// Opens what is there, or begins anew.
    ///
    /// - Parameter decisionTime: how long it is kept why requests went where they went.
    init(
        _ database: SQLiteDatabase,
        _ settings: StorageSettings,
        keepingDecisionsFor decisionTime: Duration,
        clock: GatewayClock,
        logger: Logger
    ) throws {
        self.database = database
        usage = database.usage
        journal = try Journal(
            data: settings.directory,
            store: usage,
            settings: SiraLedger.JournalSettings(settings.journal),
            clock: clock,
            logger: logger
        )
        responses = ResponseArchive(store: database.responses, logger: logger)
        requestTime = settings.retention.requests.duration
        decisions = DecisionArchive(store: database.decisions, keptFor: decisionTime, logger: logger)
        experiments = ExperimentKeeping(
            board: ExperimentBoard(),
            store: database.experiments,
            clock: clock,
            logger: logger
        )
        retention = Retention(
            store: database.retention,
            expiring: [database.objects, database.responses, database.decisions, database.feedback, database.replies],
            periods: RetentionPeriods(
                requests: settings.retention.requests.duration,
                minutes: settings.retention.minutes.duration,
                hours: settings.retention.hours.duration,
                days: settings.retention.days.duration
            ),
            clock: clock,
            logger: logger
        )
    }

    /// The rows of a request.
    ///
    /// One that has just ended may still be in the journal, and is then waited for.
    func records(of id: RequestID) async throws -> [UsageRecord] {
        for _ in 0..<40 {
            let records = try await usage.records(of: id)
            if records.contains(where: \.isFinal) { return records }
            // The lanes let go of their segments about four times a second, and the shipper follows.
            try await Task.sleep(for: .milliseconds(50))
        }
        return []
    }

    var metrics: [SampledMetric] {
        let (journal, decisions) = (journal, decisions)
        let dropped = SampledMetric(
            "sira_decisions_dropped_total",
            .counter,
            help: "Decision records that were not kept.",
            read: { Double(decisions.dropped) }
        )
        return [dropped]
            + SampledMetric.journal(
                bytes: { Double(journal.depth.bytes) },
                records: { Double(journal.depth.records) },
                oldestSeconds: { journal.depth.oldestAge.map { Double($0.wholeMicroseconds) / 1_000_000 } },
                writeErrors: { Double(journal.writeErrors) },
                damagedSegments: { Double(journal.damagedSegments) },
                isAlarming: { journal.isAlarming ? 1 : 0 }
            )
    }
}

/// Where things lie in the data directory.
package enum DataDirectory {
    /// Where the database is, or would be.
    package static func databasePath(in settings: StorageSettings) -> String { settings.directory + "/sira.db" }

    /// Whether there is a database.
    static func isUsed(_ settings: StorageSettings) -> Bool { access(databasePath(in: settings), F_OK) == 0 }

    /// The database's path.
    ///
    /// Makes the directory, for its owner alone, where there is none.
    package static func databasePath(_ settings: StorageSettings) throws -> String {
        var path = ""
        for part in settings.directory.split(separator: "/", omittingEmptySubsequences: false) {
            path += path.isEmpty && part.isEmpty ? "/" : part + "/"
            guard path != "/", path != "./", path != "../" else { continue }
            guard mkdir(path, 0o700) != 0, errno != EEXIST else { continue }
            throw DataDirectoryError(path: path, reason: String(cString: strerror(errno)))
        }
        return databasePath(in: settings)
    }
}

/// The data directory cannot be made.
package struct DataDirectoryError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String {
        "The data directory \(path) cannot be made: \(reason). Choose another by storage.directory or SIRA_DATA_DIR."
    }
}

extension SiraLedger.JournalSettings {
    init(_ settings: SiraConfiguration.JournalSettings) {
        self.init()
        switch settings.sync {
        case .everyWrite: synchronization = .everyWrite
        case .interval: synchronization = .interval(settings.syncInterval)
        case .never: synchronization = .never
        }
        segmentSize = settings.segmentBytes
        sizeLimit = settings.maxBytes
        limitPolicy = settings.whenFull
    }
}
