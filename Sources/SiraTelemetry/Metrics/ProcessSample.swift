import SiraCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the operating system says of this process.
///
/// Read from `/proc`; fields are nil where there is none.
package struct ProcessSample: Sendable {
    /// Processor time spent, user and system, in seconds.
    package var cpuSeconds: Double?
    package var residentBytes: Int?
    package var virtualBytes: Int?
    package var openDescriptors: Int?
    package var maximumDescriptors: Int?
    /// When the process started, in seconds since 1970.
    package var startSeconds: Double?

    /// Reads the figures now.
    package static func current() -> ProcessSample {
        var sample = ProcessSample()
        sample.openDescriptors = countEntries(of: "/proc/self/fd")
        var limit = rlimit()
        #if canImport(Glibc)
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let kind = RLIMIT_NOFILE
        #endif
        if getrlimit(kind, &limit) == 0 { sample.maximumDescriptors = Int(clamping: limit.rlim_cur) }
        if let text = read("/proc/self/stat") { sample.apply(stat: text) }
        if let ticks = sample.startTicks, let system = read("/proc/stat"), let boot = bootSeconds(in: system) {
            sample.startSeconds = boot + ticks
        }
        return sample
    }

    /// Seconds between the machine's start and the process's.
    private var startTicks: Double?

    /// Reads a line of `/proc/<pid>/stat` (proc(5)).
    ///
    /// The command's name may hold spaces and parentheses, hence the search from the end.
    mutating func apply(stat: String, ticksPerSecond: Double = Double(sysconf(Int32(_SC_CLK_TCK)))) {
        guard let close = stat.lastIndex(of: ")") else { return }
        let fields = stat[stat.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 21, ticksPerSecond > 0 else { return }
        // Counted from the third field of proc(5): utime 14, stime 15, starttime 22, vsize 23, rss 24.
        if let user = Double(fields[11]), let system = Double(fields[12]) {
            cpuSeconds = (user + system) / ticksPerSecond
        }
        startTicks = Double(fields[19]).map { $0 / ticksPerSecond }
        virtualBytes = Int(fields[20])
        residentBytes = Int(fields[21]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private static func bootSeconds(in text: String) -> Double? {
        for line in text.split(separator: "\n") where line.hasPrefix("btime ") {
            return Double(line.dropFirst("btime ".count))
        }
        return nil
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = chunk.withUnsafeMutableBytes { SystemCalls.read(descriptor, $0) }
            guard count > 0 else { break }
            bytes += chunk[0..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func countEntries(of path: String) -> Int? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return max(0, count - 3)  // ".", ".." and the descriptor of this very reading
    }
}
