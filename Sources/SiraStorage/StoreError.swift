/// What a store says when it cannot do what it was asked, apart from not being reachable.
///
/// Failures of the backend itself come as the backend's own errors.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is one of that id, or of that lookup, already.
    case exists(String)
    /// There is none of that id.
    case notFound(String)
    /// What is stored cannot be understood: it was changed by hand, or by a newer version.
    case unreadable(String)

    package var description: String {
        switch self {
        case .exists(let what): "'\(what)' exists already"
        case .notFound(let what): "there is no '\(what)'"
        case .unreadable(let what): "the store holds something that cannot be read: \(what)"
        }
    }
}
