package import SiraCore

/// Where the admin surface listens and who may use it.
package struct AdminSettings: Sendable {
    /// The address or name to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 lets the operating system choose.
    package var port = 8_081
    /// What callers must show as `Authorization: Bearer`; nil opens the surface to everyone on this machine.
    package var token: Secret?
    /// Further names under which the surface is reached, such as `sira.internal`, without ports.
    package var names: [String] = []
    /// Where browsers reach the web console, such as `https://sira.internal`, without a path; nil for where they say.
    package var publicURL: String?

    package init() {}

    /// Refuses settings under which strangers could get in.
    package func validate() throws(AdminSettingsError) {
        if let token, token.isEmpty { throw .emptyToken }
        if token == nil, !HostHeader.isLoopback(host) { throw .tokenMissing(host: host) }
        // Whoever has given it a name comes through something that listens elsewhere.
        if token == nil, let name = names.first { throw .nameWithoutToken(name) }
        guard (0...65_535).contains(port) else { throw .portOutOfRange(port) }
    }
}

/// Why the admin surface does not start with the settings it was given.
package enum AdminSettingsError: Error, Equatable, CustomStringConvertible {
    case tokenMissing(host: String)
    case emptyToken
    case nameWithoutToken(String)
    case portOutOfRange(Int)

    package var description: String {
        switch self {
        case .tokenMissing(let host):
            "The admin surface would be open to the network on \(host). Set an admin token, or listen on 127.0.0.1."
        case .emptyToken: "The admin token is empty. Give it a value, or leave it out to listen on 127.0.0.1 only."
        case .nameWithoutToken(let name):
            "The admin surface would be open to whoever reaches it as \(name). Set an admin token, or give it no names."
        case .portOutOfRange(let port): "The admin port \(port) is not between 0 and 65535."
        }
    }
}
