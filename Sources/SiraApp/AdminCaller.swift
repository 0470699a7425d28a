import NIOCore
import NIOPosix
import NIOSSL
import SiraAdmin
package import SiraConfiguration
package import SiraCore
import SiraServer
import SiraUpstream
import SiraCatalog
import SiraWire

/// Asks the admin listener of a gateway that runs.
package struct AdminCaller: Sendable {
    /// What it answered.
    package struct Reply: Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    /// Why there is no answer, in a sentence for people.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where it listens, without a path.
    package let url: String
    private let base: BaseURL
    /// Whether the gateway takes the cookie's name that is meant for TLS.
    private let isSecure: Bool
    private let token: Secret?
    /// The text of a session to be shown in the token's place; nil for none.
    package var session: Secret?

    /// The largest answer that is read.
    private static let answerLimit = 64_000_000

    /// - Parameters:
    ///   - url: where the listener is; nil for where the settings say.
    ///   - token: what it wants to be shown; nil for nothing.
    package init(url: String?, settings: SiraConfiguration.AdminSettings) throws(Failure) {
        if url == nil, settings.address.port == 0 {
            throw Failure(
                description: "The port of the admin listener is the system's choice: say where it is by --url."
            )
        }
        self.url = url ?? "http://\(settings.address.visibleHost):\(settings.address.port)"
        token = settings.token
        isSecure = settings.signIn.publicURL?.hasPrefix("https://") ?? false
        do throws(BaseURLError) {
            base = try BaseURL(self.url)
        } catch {
            throw Failure(description: "\(self.url) cannot be the URL of an admin listener: \(error)")
        }
    }

    /// Asks, and reads the whole answer.
    ///
    /// - Parameter body: JSON; nil for none.
    package func call(_ method: String, _ path: String, body: [UInt8]? = nil) async throws(Failure) -> Reply {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let result = await Lane(loop: loop).call(self, method, path, body)
        return try result.get()
    }

    fileprivate func request(_ method: String, _ path: String, _ body: [UInt8]?) -> UpstreamRequest {
        var fields = HeaderFields()
        fields.append("user-agent", "sira/\(siraVersion)")
        fields.append("accept", "application/json")
        if body != nil { fields.append("content-type", "application/json") }
        if let session {
            fields.append("cookie", "\(SessionCookie.name(isSecure: isSecure))=\(session.reveal())")
            fields.append("x-sira-console", "1")
        } else if let token {
            fields.append("authorization", "Bearer \(token.reveal())")
        }
        var timeouts = UpstreamTimeouts()
        timeouts.connect = .seconds(3)
        timeouts.firstByte = .seconds(10)
        timeouts.idle = .seconds(10)
        timeouts.total = .seconds(30)
        return UpstreamRequest(
            endpoint: base.endpoint,
            method: method,
            path: base.pathPrefix + path,
            headers: fields,
            body: ByteBuffer(bytes: body ?? []),
            timeouts: timeouts
        )
    }

    fileprivate func failure(_ error: any Error) -> Failure {
        let reason = (error as? GatewayError)?.message ?? "\(error)"
        return Failure(description: "No gateway answers at \(url). Does it run? (\(reason))")
    }

    fileprivate nonisolated(nonsending) func read(_ answer: any UpstreamAnswer) async throws(Failure) -> Reply {
        guard let body = await BodyCollector(limit: Self.answerLimit).collect(answer) else {
            throw Failure(description: "The answer of \(url) broke off.")
        }
        return Reply(status: answer.status, body: Array(body.readableBytesView))
    }
}

extension Lane {
    /// Sends one request over a connection of its own, which is closed afterwards.
    fileprivate func call(
        _ caller: AdminCaller,
        _ method: String,
        _ path: String,
        _ body: [UInt8]?
    ) async -> Result<AdminCaller.Reply, AdminCaller.Failure> {
        var settings = UpstreamSettings()
        settings.tls.applicationProtocols = ["http/1.1"]
        settings.idleConnections = 0
        do {
            let tls = try NIOSSLContext(configuration: settings.tls)
            let client = UpstreamClient(loop: loop, settings: settings, tls: tls, socketTLS: tls, clock: .system)
            let bound = NIOLoopBound(client, eventLoop: loop)
            // What keeps the time limits, and the client itself alive.
            let ticking = loop.scheduleRepeatedTask(initialDelay: .milliseconds(100), delay: .milliseconds(100)) { _ in
                bound.value.tick()
            }
            defer { ticking.cancel() }
            let answer = try await client.send(caller.request(method, path, body), abort: AbortSignal())
            return .success(try await caller.read(answer))
        } catch let failure as AdminCaller.Failure {
            return .failure(failure)
        } catch {
            return .failure(caller.failure(error))
        }
    }
}
