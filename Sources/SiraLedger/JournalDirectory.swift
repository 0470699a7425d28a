import SiraCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The journal's place on the disk: `<data>/journal` for segments, `<data>/journal/damaged` for those that cannot be
/// read to their end, and `<data>/sira.lock`, which one server holds at a time.
final class JournalDirectory: Sendable {
    let path: String
    let damagedPath: String
    /// Holds the lock for as long as it is open.
    private let lock: Int32

    /// Creates what is missing, for the owner alone, and takes the lock.
    ///
    /// - Throws: ``JournalError``.
    init(data: String) throws(JournalError) {
        path = data + "/journal"
        damagedPath = path + "/damaged"
        for directory in [data, path, damagedPath] {
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw .unusable(path: directory, FileError.last)
            }
        }
        lock = try Self.takeLock(data + "/sira.lock", data: data)
    }

    deinit { SystemCalls.close(lock) }

    private static func takeLock(_ path: String, data: String) throws(JournalError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, FileError.last) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = FileError.last
            let holder = (try? read(path).get()).map { String(decoding: $0, as: UTF8.self) } ?? ""
            SystemCalls.close(descriptor)
            guard error.number == EWOULDBLOCK else { throw .unusable(path: path, error) }
            throw .inUse(data: data, process: holder.split(whereSeparator: \.isWhitespace).first.map(String.init))
        }
        // The lock counts, not the number in the file, which is for people; so failures here do not matter.
        let line = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = line.withUnsafeBytes { SystemCalls.write(descriptor, $0) }
        return descriptor
    }

    /// The segments that are to be shipped, with their lengths, oldest first.
    func segments() throws(JournalError) -> [(name: SegmentName, bytes: Int)] { try Self.segments(in: path) }

    /// How many segments were put aside and wait for someone to look at them.
    func damagedCount() throws(JournalError) -> Int { try Self.segments(in: damagedPath).count }

    private static func segments(in path: String) throws(JournalError) -> [(name: SegmentName, bytes: Int)] {
        guard let directory = opendir(path) else { throw .unusable(path: path, FileError.last) }
        defer { closedir(directory) }
        var segments: [(name: SegmentName, bytes: Int)] = []
        while let entry = readdir(directory) {
            let text = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name = SegmentName(text) else { continue }
            var facts = stat()
            guard stat("\(path)/\(name)", &facts) == 0 else { continue }
            segments.append((name, Int(facts.st_size)))
        }
        return segments.sorted { $0.name < $1.name }
    }

    func location(of name: SegmentName) -> String { "\(path)/\(name)" }

    /// Deletes a segment; one that is gone already is no error.
    func delete(_ name: SegmentName) -> FileError? {
        unlink(location(of: name)) == 0 || errno == ENOENT ? nil : FileError.last
    }

    /// Puts a segment aside; gives its new path.
    func putAside(_ name: SegmentName) -> Result<String, FileError> {
        let target = "\(damagedPath)/\(name)"
        guard rename(location(of: name), target) == 0 else { return .failure(FileError.last) }
        return .success(target)
    }

    /// The file's bytes.
    func contents(of name: SegmentName) -> Result<[UInt8], FileError> { Self.read(location(of: name)) }

    private static func read(_ path: String) -> Result<[UInt8], FileError> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(FileError.last) }
        defer { SystemCalls.close(descriptor) }
        var bytes: [UInt8] = []
        var facts = stat()
        // Where the length is not known, the array grows by itself.
        if fstat(descriptor, &facts) == 0 { bytes.reserveCapacity(Int(facts.st_size)) }
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { SystemCalls.read(descriptor, $0) }
            if count < 0 {
                guard FileError.last.isInterruption else { return .failure(FileError.last) }
                continue
            }
            guard count > 0 else { return .success(bytes) }
            bytes += chunk[..<count]
        }
    }
}

/// Why the journal cannot be used.
package enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another server has the data directory.
    case inUse(data: String, process: String?)
    /// The operating system refuses.
    case unusable(path: String, FileError)

    package var description: String {
        switch self {
        case .inUse(let data, let process):
            "another sira\(process.map { " (process \($0))" } ?? "") uses the data directory \(data); "
                + "each server needs its own"
        case .unusable(let path, let error): "\(path): \(error)"
        }
    }
}
