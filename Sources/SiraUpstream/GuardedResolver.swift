package import NIOCore
package import NIOPosix
package import SiraCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks names up, and gives their addresses only where a guard admits every one of them.
///
/// Connections then go to the addresses that were judged, since nobody looks the name up again.
package final class GuardedResolver: Resolver, Sendable {
    private let addressGuard: AddressGuard
    private let loop: any EventLoop
    private let pool: NIOThreadPool

    package init(_ addressGuard: AddressGuard, loop: any EventLoop, pool: NIOThreadPool = .singleton) {
        self.addressGuard = addressGuard
        self.loop = loop
        self.pool = pool
    }

    /// Judges the addresses of a name.
    ///
    /// - Throws: ``AddressRefusal``.
    package func check(_ host: String) async throws {
        try await judged(host).get()
    }

    /// Judges the addresses of a name; fails with an ``AddressRefusal``.
    func judged(_ host: String) -> EventLoopFuture<Void> {
        addresses(of: host, port: 0).map { _ in }
    }

    package func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        addresses(of: host, port: port).map { $0.filter { $0.protocol == .inet } }
    }

    package func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        addresses(of: host, port: port).map { $0.filter { $0.protocol == .inet6 } }
    }

    package func cancelQueries() {}

    private func addresses(of host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        let addressGuard = addressGuard
        return pool.runIfActive(eventLoop: loop) {
            let addresses = Self.lookUp(host, port: port)
            try addressGuard.check(addresses.compactMap(\.ipAddress))
            return addresses
        }
    }

    /// All addresses of a name; blocks.
    private static func lookUp(_ host: String, port: Int) -> [SocketAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let bytes = info.ai_addr else { continue }
            var digits = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(digits.count)
            guard getnameinfo(bytes, info.ai_addrlen, &digits, length, nil, 0, NI_NUMERICHOST) == 0,
                let end = digits.firstIndex(of: 0)
            else { continue }
            let text = String(decoding: digits[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let address = try? SocketAddress(ipAddress: text, port: port) { addresses.append(address) }
        }
        return addresses
    }
}
