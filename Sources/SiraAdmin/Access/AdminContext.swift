import HTTPTypes
package import Hummingbird
package import NIOCore

/// What is known of a request beside its bytes: who sent it.
package struct AdminContext: RequestContext, RemoteAddressRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// Who asks, for the log: the address, and what the program calls itself.
    func author(_ request: Request) -> String {
        let address = remoteAddress?.ipAddress ?? "an unknown address"
        guard let agent = request.headers[.userAgent] else { return address }
        return "\(address) (\(agent.prefix(100)))"
    }
}
