package import SiraCore

/// Who or what stays with an arm once it has been given to one.
package struct AssignmentUnit: Hashable, Sendable {
    /// What stays with its arm, in words that say what it is, such as `user:anna`.
    package let name: String
    /// The request's own name, for what is drawn anew for each request.
    package let request: String

    /// The user of the application where the request names one, else its session, else its key, else the request alone.
    ///
    /// Empty texts count as none.
    package init(user: String?, session: String?, key: String?, request: RequestID) {
        self.request = request.description
        let named = [("user:", user), ("session:", session), ("key:", key)]
            .first { $0.1.map { !$0.isEmpty } ?? false }
        name = named.map { $0.0 + ($0.1 ?? "") } ?? self.request
    }
}
