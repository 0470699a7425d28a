import NIOCore
import NIOPosix
import NIOSSL
import SiraBilling
import SiraCatalog
import SiraCore
import SiraServer
import SiraUpstream
import SiraWire

/// Sends single requests that are no requests to providers: to Stripe, and to channels of alerts.
struct OutgoingHTTP: Sendable {
    /// What was answered.
    struct Answer: Sendable {
        let status: Int
        let headers: HeaderFields
        let body: [UInt8]
    }

    /// The address guard for URLs that somebody typed in; nil for those of the configuration.
    var addressGuard: AddressGuard?
    /// The largest answer that is read.
    var answerLimit = 1_000_000
    private static let time = Duration.seconds(30)

    /// Sends a request and reads the whole answer.
    ///
    /// - Throws: ``AddressRefusal`` where the URL leads to what may not be asked, ``GatewayError`` where no answer comes.
    func send(
        _ method: String,
        to endpoint: Endpoint,
        path: String,
        headers: HeaderFields,
        body: [UInt8]
    ) async throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        if let addressGuard { try await GuardedResolver(addressGuard, loop: loop).check(endpoint.host) }
        return try await Lane(loop: loop).send(self, method, endpoint, path, headers, body)
    }

    fileprivate static func request(
        _ method: String,
        _ endpoint: Endpoint,
        _ path: String,
        _ headers: HeaderFields,
        _ body: [UInt8]
    ) -> UpstreamRequest {
        var timeouts = UpstreamTimeouts()
        timeouts.connect = .seconds(10)
        timeouts.firstByte = time
        timeouts.idle = time
        timeouts.total = time
        return UpstreamRequest(
            endpoint: endpoint,
            method: method,
            path: path,
            headers: headers,
            body: ByteBuffer(bytes: body),
            timeouts: timeouts
        )
    }
}

extension Lane {
    /// Sends one request over a connection of its own, which is closed afterwards.
    fileprivate func send(
        _ client: OutgoingHTTP,
        _ method: String,
        _ endpoint: Endpoint,
        _ path: String,
        _ headers: HeaderFields,
        _ body: [UInt8]
    ) async throws -> OutgoingHTTP.Answer {
        var settings = UpstreamSettings()
        settings.tls.applicationProtocols = ["http/1.1"]
        settings.idleConnections = 0
        settings.addressGuard = client.addressGuard
        let tls = try NIOSSLContext(configuration: settings.tls)
        let upstream = UpstreamClient(loop: loop, settings: settings, tls: tls, socketTLS: tls, clock: .system)
        let bound = NIOLoopBound(upstream, eventLoop: loop)
        // What keeps the time limits, and the client itself alive.
        let ticking = loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) { _ in
            bound.value.tick()
        }
        defer { ticking.cancel() }
        let request = OutgoingHTTP.request(method, endpoint, path, headers, body)
        let answer = try await upstream.send(request, abort: AbortSignal())
        let (status, fields) = (answer.status, answer.headers)
        guard let body = await BodyCollector(limit: client.answerLimit).collect(answer) else {
            throw GatewayError(
                .upstreamInterrupted,
                "the answer broke off, or is longer than \(client.answerLimit) bytes"
            )
        }
        return OutgoingHTTP.Answer(status: status, headers: fields, body: Array(body.readableBytesView))
    }
}

/// Carries requests to Stripe.
struct StripeCarrier: StripeTransport {
    private let http = OutgoingHTTP()

    func send(_ request: StripeRequest, _ settings: StripeSettings) async throws -> (status: Int, body: [UInt8]) {
        let base = try BaseURL(settings.baseURL)
        var fields = HeaderFields()
        for (name, value) in request.headers(settings) { fields.append(name.lowercased(), value) }
        let answer = try await http.send(
            request.method.rawValue,
            to: base.endpoint,
            path: base.pathPrefix + request.path,
            headers: fields,
            body: request.body
        )
        return (answer.status, answer.body)
    }
}
