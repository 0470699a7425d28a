import NIOCore
import SiraConfiguration
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The sockets that the process listens on.
enum ListenerName: String, CaseIterable {
    case api, admin
}

/// Which sockets are open, and whether the process is about to close them.
final class ListenerState: Sendable {
    private struct State {
        var ports: [ListenerName: Int] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())

    /// Notes that clients can connect.
    ///
    /// - Returns: whether all listeners are open now.
    func opened(_ name: ListenerName, port: Int) -> Bool {
        state.withLock { state in
            state.ports[name] = port
            return state.ports.count == ListenerName.allCases.count
        }
    }

    /// The port that is listened on, nil before that.
    func port(of name: ListenerName) -> Int? { state.withLock { $0.ports[name] } }

    /// `address` with the port that the system chose where it was left the choice.
    func address(of name: ListenerName, _ address: ListenAddress) -> ListenAddress {
        ListenAddress(host: address.host, port: port(of: name) ?? address.port)
    }

    /// Whether no new requests are taken, because the process was asked to stop.
    var isDraining: Bool {
        get { state.withLock { $0.isDraining } }
        set { state.withLock { $0.isDraining = newValue } }
    }
}

/// A listener's address cannot be listened on.
struct ListenError: Error, CustomStringConvertible {
    let name: ListenerName
    let address: ListenAddress
    let cause: any Error

    var description: String {
        let field = name == .api ? "server.address or SIRA_API_ADDRESS" : "admin.address or SIRA_ADMIN_ADDRESS"
        let code = (cause as? IOError)?.errnoCode
        let reason = code.map { String(cString: strerror($0)) } ?? "\(cause)"
        let hint =
            switch code {
            case EADDRINUSE: "Another program listens there already; stop it, or choose another address"
            case EACCES: "This user may not; choose a port above 1023"
            case EADDRNOTAVAIL: "This machine has no such address; choose another"
            default: "Choose another address"
            }
        return
            "The \(name == .api ? "API" : "admin") listener cannot listen on \(address): \(reason). \(hint) by \(field)."
    }
}
