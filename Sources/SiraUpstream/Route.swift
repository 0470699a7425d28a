import SiraCore
import SiraWire

/// Where a connection leads and on which way: what two requests must have in common to share one.
struct Route: Hashable {
    let endpoint: Endpoint
    /// The proxy that the request asks for; nil leaves it to the rule of the environment.
    let proxy: ProxyAddress?
    /// Which addresses its name may lead to; nil leaves it to the client.
    let addressGuard: AddressGuard?

    init(_ request: UpstreamRequest) {
        endpoint = request.endpoint
        proxy = request.proxy
        addressGuard = request.addressGuard
    }
}
