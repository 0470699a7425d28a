import GRDB
import SiraCore
import SiraStorage

/// Which way the lines of the ledger are gone through for a search: by the time of those of one key, end user,
/// project, team or organization, of those that failed, or of all.
///
/// Lines come the newest first, as the index has them.
struct RequestPath {
    let index: String
    /// The condition on which the index has the lines, its values apart.
    private(set) var conditions = Conditions()

    init(_ search: RequestSearch) {
        let filter = search.filter
        // A place comes before failures: those of others would have to be read with its own.
        if let key = filter.key ?? search.only(.key, nil) {
            index = "requests_by_key"
            conditions.add("key = ?", key)
        } else if let user = search.only(.user, filter.user) {
            index = "requests_by_user"
            conditions.add("user <> '' AND user = ?", user)
        } else if let project = search.only(.project, filter.project) {
            index = "requests_by_project"
            conditions.add("project <> '' AND project = ?", project)
        } else if let team = search.only(.team, filter.team) {
            index = "requests_by_team"
            conditions.add("team <> '' AND team = ?", team)
        } else if let organization = search.only(.organization, filter.organization) {
            index = "requests_by_organization"
            conditions.add("organization <> '' AND organization = ?", organization)
        } else if search.isOfFailures {
            index = "requests_by_failure"
            conditions.add("outcome <> 0", [])
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
    /// The one name that a field may have, chosen beside the query or in it; nil where there is none, or several, or it
    /// may be that of others.
    fileprivate func only(_ field: RequestTerm.TextField, _ chosen: String?) -> String? {
        if isConfined, chosen == nil || field == .user { return nil }
        if let chosen, !chosen.isEmpty { return chosen }
        for term in terms where !term.isNegated {
            if case .text(field, let choices) = term.test, choices.count == 1, !choices[0].isEmpty,
                !choices[0].contains("*")
            {
                return choices[0]
            }
        }
        return nil
    }

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
