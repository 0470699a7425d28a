import Hummingbird
package import NIOCore
import ServiceLifecycle
import Synchronization

/// An answer that is sent piece by piece.
package struct EndpointStream: Sendable {
    /// How long the client may take for one piece; slower ones are cut off.
    let patience: Duration
    let write: @Sendable (EndpointWriter) async throws -> Void

    /// - Parameter write: sends all of it; its task is cancelled when the client is too slow or the server stops.
    package init(patience: Duration, write: @escaping @Sendable (EndpointWriter) async throws -> Void) {
        self.patience = patience
        self.write = write
    }

    /// How often it is looked whether the client is too slow.
    private static let pause = Duration.seconds(1)

    /// Sends it; throws where it is cut off, so that the client sees that it is not whole.
    func run(_ body: inout any ResponseBodyWriter) async throws {
        // Used by one task at a time: this one waits for that which writes.
        nonisolated(unsafe) let own = body
        let writer = EndpointWriter(own)
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await write(writer) }
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.pause)
                        if writer.isStuck(longerThan: patience) { throw SlowReader() }
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        try await writer.finish()
    }
}

/// A client does not take what it is sent.
private struct SlowReader: Error {}

/// Sends the pieces of an answer, one after the other.
package final class EndpointWriter: @unchecked Sendable {
    /// Touched by ``write(_:)`` alone, which has one caller at a time.
    private var body: any ResponseBodyWriter
    private let since = Mutex<ContinuousClock.Instant?>(nil)

    fileprivate init(_ body: any ResponseBodyWriter) {
        self.body = body
    }

    /// Sends a piece and waits until there is room for the next one.
    ///
    /// - Throws: when the client is gone.
    package func write(_ piece: ByteBuffer) async throws {
        since.withLock { $0 = .now }
        try await body.write(piece)
        since.withLock { $0 = nil }
    }

    fileprivate func finish() async throws {
        let last = body
        try await last.finish(nil)
    }

    fileprivate func isStuck(longerThan time: Duration) -> Bool {
        since.withLock { $0.map { ContinuousClock.now - $0 > time } ?? false }
    }
}
