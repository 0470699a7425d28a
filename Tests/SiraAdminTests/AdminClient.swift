import Foundation
import Logging
import SiraAdmin
import SiraCore
import SiraExperiments
import SiraTelemetry

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

private func shut(_ descriptor: Int32) { _ = close(descriptor) }

/// What came back over the wire.
struct Answer: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: String

    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = head.first, let status = Int(first.split(separator: " ")[1]) else { return nil }
        self.status = status
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts.last?.drop { $0 == " " } ?? "")
        }
        self.headers = headers
        body = String(text[end.upperBound...])
    }
}

/// Asks a server on this machine over a connection of its own, byte for byte as told.
struct AdminClient: Sendable {
    let port: Int

    func get(_ path: String, host: String = "127.0.0.1", headers: [String] = []) async -> Answer? {
        await send(method: "GET", path, headers: ["Host: \(host)"] + headers)
    }

    func send(method: String, _ path: String, headers: [String], body: String = "") async -> Answer? {
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        let lines = ["\(method) \(path) HTTP/1.1", "Connection: close"] + headers + length
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
        let port = port
        // Blocking calls stay off the few threads that run the tests and the server.
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: Answer(Self.exchange(request, port: port)))
            }
        }
    }

    private static func exchange(_ request: String, port: Int) -> String {
        let descriptor = open(port: port)
        guard descriptor >= 0 else { return "" }
        defer { shut(descriptor) }
        let bytes = Array(request.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { return "" }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { answer += chunk[..<count] }
        return String(decoding: answer, as: UTF8.self)
    }

    static func close(_ descriptor: Int32) { shut(descriptor) }

    /// A connected socket, or -1.
    static func open(port: Int) -> Int32 {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            shut(descriptor)
            return -1
        }
        return descriptor
    }
}

extension AdminSource {
    /// A gateway that runs well, unless told otherwise.
    static func sample(
        obstacles: [String] = [],
        status: AdminStatus = .sample,
        health: HealthSource = .sample,
        experiments: @escaping @Sendable () -> [ExperimentReport] = { [] }
    ) -> AdminSource {
        AdminSource(
            status: { status },
            metrics: { "sira_lanes 2\n" },
            obstacles: { obstacles },
            health: health,
            experiments: experiments
        )
    }
}

extension HealthSource {
    /// Knows nobody, and carries out every order.
    static var sample: HealthSource {
        HealthSource(
            overview: { HealthOverview(now: 0, deployments: [], accesses: []) },
            carryOut: { _ throws(HealthOrderError) in }
        )
    }
}

extension AdminStatus {
    static var sample: AdminStatus {
        var status = AdminStatus(
            version: "1.2.3",
            startedAt: Timestamp(microseconds: 1_763_700_000_000_000),
            now: Timestamp(microseconds: 1_763_700_090_000_000)
        )
        status.lanes = 2
        return status
    }
}

/// Runs a server for as long as `body` lasts.
func withAdmin(
    _ settings: AdminSettings = AdminSettings(),
    _ source: AdminSource = .sample(),
    _ body: @Sendable @escaping (AdminClient) async throws -> Void
) async throws {
    try await withAdminServer(settings, source) { _, client in try await body(client) }
}

/// The same, with the server itself.
func withAdminServer(
    _ settings: AdminSettings,
    _ source: AdminSource = .sample(),
    _ body: @Sendable @escaping (AdminServer, AdminClient) async throws -> Void
) async throws {
    var settings = settings
    settings.port = 0
    let (ports, listening) = AsyncStream<Int>.makeStream()
    let server = try AdminServer(
        settings: settings,
        source: source,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        onListening: { listening.yield($0) }
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { listening.finish() }
            try await server.run()
        }
        for await port in ports {
            try await body(server, AdminClient(port: port))
            break
        }
        group.cancelAll()
        try await group.waitForAll()
    }
}
