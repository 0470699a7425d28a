import NIOCore
import NIOPosix
import SiraConfiguration

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks whether the gateway could listen where it is to, and whether one already runs with the same data.
struct ListenerCheck {
    let settings: Settings

    func findings() async -> [Finding] {
        let holder = Self.holder(of: settings.storage.directory)
        var findings: [Finding] = []
        if let holder {
            let message = "a sira\(holder.isEmpty ? "" : " (process \(holder))") is running with this data directory"
            findings.append(Finding(.warn, "running", message, remedy: "a second one needs another storage.directory"))
        }
        let listeners = [
            ("API", settings.server.address, "server.address or SIRA_API_ADDRESS"),
            ("admin", settings.admin.address, "admin.address or SIRA_ADMIN_ADDRESS"),
        ]
        for (name, address, setting) in listeners where address.port != 0 {
            guard let error = await Self.obstacle(to: address) else {
                findings.append(Finding(.ok, "listener", "\(name): \(address) is free"))
                continue
            }
            guard error == EADDRINUSE else {
                let message = "\(name): cannot listen on \(address) (\(String(cString: strerror(error))))"
                findings.append(Finding(.fail, "listener", message, remedy: "set \(setting)"))
                continue
            }
            findings.append(
                holder == nil
                    ? Finding(
                        .fail,
                        "listener",
                        "\(name): \(address) is taken by another process",
                        remedy: "stop that one, or set \(setting)"
                    ) : Finding(.ok, "listener", "\(name): \(address) is in use while sira runs")
            )
        }
        return findings
    }

    /// The number of the process that holds the data directory, empty if it is not told; nil when none does.
    private static func holder(of directory: String) -> String? {
        let descriptor = open(directory + "/sira.lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }, as: UTF8.self)
    }

    /// Why nothing can listen there, as the system's error number; nil when something can.
    private static func obstacle(to address: ListenAddress) async -> Int32? {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: address.host, port: address.port).get()
            try? await channel.close()
            return nil
        } catch {
            return (error as? IOError)?.errnoCode ?? EADDRNOTAVAIL
        }
    }
}
