import HTTPTypes
import Hummingbird
import NIOCore

/// What is known of a request beside its bytes: who sent it.
struct AdminContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
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
