import GRDB
import SiraCore
import SiraStorage

/// Which way the lines of the ledger are gone through for a search: by time, or by the time of those of one key, one
/// team, one end user, or those that failed.
///
/// Lines come the newest first, as the index has them.
struct RequestPath {
    let index: String
    /// The condition on which the index has the lines, its values apart.
    private(set) var conditions = Conditions()

    init(_ search: RequestSearch) {
        let filter = search.filter
        if let key = filter.key {
            index = "requests_by_key"
            conditions.add("key = ?", key)
        } else if let user = filter.user, !user.isEmpty {
            index = "requests_by_user"
            conditions.add("user <> '' AND user = ?", user)
        } else if search.isOfFailures {
            index = "requests_by_failure"
            conditions.add("outcome <> 0", [])
        } else if let team = filter.team, !team.isEmpty {
            index = "requests_by_team"
            conditions.add("team <> '' AND team = ?", team)
        } else {
            index = "requests_by_time"
        }
        conditions.add("started_at >= ?", filter.since?.microseconds)
        conditions.add("started_at < ?", filter.until?.microseconds)
        if let after = filter.after, search.order == .time {
            conditions.add("started_at <= ?", after.startedAt.microseconds)
            conditions.add(
                "(started_at, request, attempt) < (?, ?, ?)",
                [after.startedAt.microseconds, after.request.blob, after.attempt]
            )
        }
    }

    /// The lines, at most so many.
    ///
    /// - Parameter columns: what is wanted of them.
    func lines(_ columns: [String], limit: String = "LIMIT ?") -> String {
        """
        SELECT \(columns.joined(separator: ", ")) FROM requests INDEXED BY \(index) \(conditions.clause)
        ORDER BY started_at DESC, request DESC, attempt DESC \(limit)
        """
    }
}

extension RequestSearch {
    /// Whether it is about requests alone that did not end well.
    fileprivate var isOfFailures: Bool {
        if let outcome = filter.outcome { return outcome != .ok }
        return terms.contains { term in
            switch term.test {
            case .flag(.error): !term.isNegated
            case .outcome(let outcomes): term.isNegated == outcomes.contains(.ok)
            case .number(.status, let least, _): !term.isNegated && least ?? 0 >= 400
            default: false
            }
        }
    }
}
