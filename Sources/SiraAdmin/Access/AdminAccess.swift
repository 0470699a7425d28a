import Synchronization

/// Who may use the surface at the moment.
///
/// Changed while it runs, so that a token that has become known can be replaced at once.
final class AdminAccess: Sendable {
    fileprivate struct State {
        var hosts: HostPolicy
        var token: AdminToken?
        var publicURL: String?
    }

    private let state: Mutex<State>

    init(_ settings: AdminSettings) {
        state = Mutex(State(settings))
    }

    /// Which `Host` headers are answered.
    var hosts: HostPolicy { state.withLock { $0.hosts } }

    /// What callers must show; nil when nothing is asked for.
    var token: AdminToken? { state.withLock { $0.token } }

    /// Where browsers reach the web console; nil for where they say.
    var publicURL: String? { state.withLock { $0.publicURL } }

    func adopt(_ settings: AdminSettings) {
        let new = State(settings)
        state.withLock { $0 = new }
    }
}

extension AdminAccess.State {
    fileprivate init(_ settings: AdminSettings) {
        hosts = HostPolicy(settings)
        token = settings.token.map { AdminToken($0) }
        publicURL = settings.publicURL
    }
}
