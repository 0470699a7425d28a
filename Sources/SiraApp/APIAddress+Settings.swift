import SiraAdmin
import SiraConfiguration

extension APIAddress {
    /// - Parameter bound: where the API listens.
    init(_ settings: ServerSettings, _ bound: ListenAddress) {
        self.init(
            url: settings.publicURL,
            isEncrypted: settings.tls != nil,
            host: bound.isWildcard ? nil : bound.visibleHost,
            port: bound.port
        )
    }
}
