package import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes log lines to a file descriptor from a thread of its own.
///
/// Whoever reads the log may stall: a pipe that nobody drains would otherwise stop the lane that writes to it, and
/// with it every request there. Lines wait in memory up to a bound; beyond it they are dropped and counted.
package final class LogWriter: Sendable {
    private struct Waiting {
        var lines: [UInt8] = []
        var dropped = 0
        /// Whether the thread has been told of ``lines``.
        var isAwaited = false
    }

    private let descriptor: Int32
    private let limit: Int
    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "sira.log")

    /// - Parameters:
    ///   - descriptor: stays open for as long as this lives.
    ///   - limit: so many bytes may wait.
    package init(descriptor: Int32 = 2, limit: Int = 4 << 20) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Takes whole lines, each with its line feed; from any thread, and without waiting.
    package func write(_ lines: [UInt8]) {
        let wakes = waiting.withLock { waiting in
            guard waiting.lines.count + lines.count <= limit else {
                waiting.dropped += lines.count { $0 == UInt8(ascii: "\n") }
                return false
            }
            waiting.lines += lines
            defer { waiting.isAwaited = true }
            return !waiting.isAwaited
        }
        if wakes { queue.async { self.drain() } }
    }

    /// Waits until what was taken is written, for the end of the process; at most so long.
    package func flush(timeout: DispatchTimeInterval = .seconds(2)) {
        let isDone = DispatchSemaphore(value: 0)
        queue.async { isDone.signal() }
        _ = isDone.wait(timeout: .now() + timeout)
    }

    private func drain() {
        while true {
            let (lines, dropped) = waiting.withLock { waiting in
                waiting.isAwaited = !waiting.lines.isEmpty
                defer { (waiting.lines, waiting.dropped) = ([], 0) }
                return (waiting.lines, waiting.dropped)
            }
            if lines.isEmpty, dropped == 0 { return }
            writeAll(lines)
            guard dropped > 0 else { continue }
            writeAll(Array("sira: \(dropped) log lines were dropped, because nobody reads the log\n".utf8))
        }
    }

    /// What cannot be written is lost: there is nowhere to say so.
    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var written = 0
            while let start = bytes.baseAddress, written < bytes.count {
                let count = systemWrite(descriptor, start + written, bytes.count - written)
                if count > 0 {
                    written += count
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
