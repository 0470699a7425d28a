import GRDB
import SiraCore
import SiraStorage

/// Which end users are counted by name: the first so many of each hour.
///
/// Clients choose the names, and may choose a new one for every request. Which names are there is read from the lines
/// of the hour in the transaction that adds to them, and what is decided is kept with the record: whatever is cut off
/// or shipped again, records and lines agree.
struct UserAdmission {
    private struct Hour {
        var admitted: Set<String> = []
        /// Names among the hour's lines and those admitted since; nil when they were not counted yet.
        var count: Int?
    }

    private let limit: Int
    private var hours: [Timestamp: Hour] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether the record's end user is counted by name; one that is nobody is.
    mutating func admits(_ record: UsageRecord, in database: Database) throws -> Bool {
        guard !record.user.isEmpty else { return true }
        let start = RollupPeriod.hour.start(of: record.startedAt)
        var hour = hours[start] ?? Hour()
        defer { hours[start] = hour }
        if hour.admitted.contains(record.user) { return true }
        let tag = RollupKey.userPrefix + record.user
        let isThere = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 \(Self.lines) AND tag = ?)")
        if try Bool.fetchOne(isThere, arguments: [start.microseconds, tag]) != true {
            let count = try hour.count ?? Self.count(start, in: database)
            hour.count = count
            guard count < limit else { return false }
            hour.count = count + 1
        }
        hour.admitted.insert(record.user)
        return true
    }

    private static func count(_ start: Timestamp, in database: Database) throws -> Int {
        let sql = "SELECT count(DISTINCT tag) \(lines) AND tag >= 'user:' AND tag < 'user;'"
        return try Int.fetchOne(try database.cachedStatement(sql: sql), arguments: [start.microseconds]) ?? 0
    }

    /// The lines of an hour in the whole view; 2 and 0 are the raw values.
    private static let lines = "FROM rollups WHERE period = 2 AND view = 0 AND start = ?"
}
