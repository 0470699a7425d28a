import Foundation
import NIOCore
import NIOPosix
import SiraCatalog
import SiraConfiguration
import SiraRouting
import SiraWire

/// Tries to connect to each provider, or to the proxy on the way there.
struct Reachability {
    /// How long each connection may take, the search for its name included.
    static let limit = TimeAmount.seconds(3)

    let environment: Environment

    /// A finding for each access, in their order.
    ///
    /// All are tried at the same time.
    func check(_ accesses: [ProviderAccess]) async -> [Finding] {
        let targets = accesses.map { (name: $0.name, target: target(of: $0)) }
        return await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, access) in targets.enumerated() {
                group.addTask { (index, await Self.finding(access.name, access.target)) }
            }
            var findings: [(Int, Finding)] = []
            for await finding in group { findings.append(finding) }
            return findings.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private struct Target {
        let host: String
        let port: Int
        let words: String
        let remedy: String
    }

    private func target(of access: ProviderAccess) -> Target {
        let endpoint = access.baseURL.endpoint
        if let proxy = access.proxy?.endpoint ?? usualProxy(for: endpoint) {
            let words = "\(access.name): the proxy \(proxy.host):\(proxy.port)"
            let remedy = "check the proxy's address and whether it runs"
            return Target(host: proxy.host, port: proxy.port, words: words, remedy: remedy)
        }
        return Target(
            host: endpoint.host,
            port: endpoint.port,
            words: "\(access.name): \(endpoint.host):\(endpoint.port)",
            remedy: "check base_url, the name service and the firewall; set proxy or HTTPS_PROXY where one leads out"
        )
    }

    /// The proxy of the environment unless `NO_PROXY` says otherwise.
    private func usualProxy(for endpoint: Endpoint) -> Endpoint? {
        guard endpoint.usesTLS else { return nil }
        guard let usual = environment.text("HTTPS_PROXY") ?? environment.text("https_proxy") else { return nil }
        let exceptions = environment.text("NO_PROXY") ?? environment.text("no_proxy") ?? ""
        let isException = exceptions.split(separator: ",").contains { exception in
            let name = exception.drop { $0 == " " || $0 == "." }
            return exception == "*" || endpoint.host == name || endpoint.host.hasSuffix("." + name)
        }
        return isException ? nil : ProxyAddress(url: usual)?.endpoint
    }

    private static func finding(_ name: String, _ target: Target) async -> Finding {
        do {
            try await connect(to: target)
            return Finding(.ok, "reachability", "\(target.words) accepts connections")
        } catch {
            let reason = "\(target.words) cannot be reached (\(explain(error)))"
            return Finding(.fail, "reachability", reason, remedy: target.remedy)
        }
    }

    private struct OutOfTime: Error {}

    /// Connects and closes again.
    private static func connect(to target: Target) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let connected = loop.makePromise(of: Void.self)
        // A name service that does not answer is not covered by the time limit of the connection.
        let deadline = loop.scheduleTask(in: limit) { connected.fail(OutOfTime()) }
        ClientBootstrap(group: loop).connectTimeout(limit).connect(host: target.host, port: target.port)
            .whenComplete { result in
                deadline.cancel()
                switch result {
                case .success(let channel):
                    channel.close(promise: nil)
                    connected.succeed()
                case .failure(let error):
                    connected.fail(error)
                }
            }
        try await connected.futureResult.get()
    }

    private static func explain(_ error: any Error) -> String {
        switch error {
        case is OutOfTime: return "no answer within 3 seconds"
        case let error as NIOConnectionError:
            guard let last = error.connectionErrors.last?.error else { return "its name cannot be resolved" }
            return explain(last)
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case let error as ChannelError:
            if case .connectTimeout = error { return "no answer within 3 seconds" }
            return "\(error)"
        default: return "\(error)"
        }
    }
}
