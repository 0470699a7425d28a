import GRDB
package import SiraStorage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The embedded database: one file that the server and the commands have open at the same time.
///
/// Readers and the one writer do not wait for each other (write-ahead log); writers of several processes wait for
/// one another up to ``busyTimeout``.
package final class SQLiteDatabase: Sendable {
    let pool: DatabasePool
    /// Reads only, and never writes: so that `PRAGMA data_version` on it tells of every change.
    let watcher: DatabaseQueue

    /// How long a writer waits for another one, in seconds.
    private static let busyTimeout = 10.0

    /// Opens the file, creates it and its directory where they are missing (for the owner alone), and brings its
    /// tables up to date.
    ///
    /// Blocks for as long as that takes; not for lanes.
    ///
    /// - Throws: ``SQLiteFailure`` when the file cannot be created or was written by a newer version of Sira, and
    ///   the database's own errors.
    package init(path: String) throws {
        try Self.createFile(path)
        var configuration = Configuration()
        configuration.label = "sira"
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            for function in [SketchFunctions.merge, SketchFunctions.one, SketchFunctions.sum] {
                database.add(function: function)
            }
            // The journal's segments are deleted once they are committed here, so a commit has to outlast a
            // power failure: NORMAL would only promise that for what a checkpoint has moved. Commits are few.
            if !database.configuration.readonly { try database.execute(sql: "PRAGMA synchronous = FULL") }
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        try Migration.run(Migration.all, on: pool)
        configuration.readonly = true
        watcher = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Where the file is.
    package var directory: String {
        pool.path.lastIndex(of: "/").map { String(pool.path[..<$0]) } ?? "."
    }

    /// Closes all connections.
    ///
    /// What is under way is waited for.
    package func close() throws {
        try watcher.close()
        try pool.close()
    }

    /// The stores that live in it.
    package var keys: any KeyStore { SQLiteKeyStore(database: self) }
    package var usage: any UsageStore { SQLiteUsageStore(database: self) }
    package var rollups: any RollupStore { SQLiteRollupStore(database: self) }

    /// SQLite gives the files beside the database the permissions of the database itself.
    private static func createFile(_ path: String) throws {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let directory = String(path[..<slash])
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw SQLiteFailure(path: directory, problem: String(cString: strerror(errno)))
            }
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SQLiteFailure(path: path, problem: String(cString: strerror(errno))) }
        Self.closeDescriptor(descriptor)
    }

    private static func closeDescriptor(_ descriptor: Int32) {
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }
}

/// Why the database cannot be used.
package struct SQLiteFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or directory concerned.
    package let path: String
    /// What is wrong with it.
    package let problem: String

    package var description: String { "database \(path): \(problem)" }
}
