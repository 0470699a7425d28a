import SiraConfiguration
import SiraCore
import SiraStorage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the master key is: in the environment, or in a file beside the database.
enum MasterKey {
    static let variable = "SIRA_MASTER_KEY"

    /// The seal by the key in the environment, or in `master.key` of the data directory, where one is drawn and kept
    /// for its owner alone if there is none.
    ///
    /// - Throws: ``SealError``.
    static func seal(directory: String, _ environment: Environment) throws(SealError) -> Seal {
        if let text = environment.text(variable) { return try seal(text) }
        let path = directory + "/master.key"
        if let text = try read(path) { return try seal(text) }
        var random = SystemRandomNumberGenerator()
        let text = Base64.encoded((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        // Another process that does the same at this moment is faster or slower, and one key is used by both.
        try make(path, text)
        guard let kept = try read(path) else { throw .file(path: path, reason: "it is gone again") }
        return try seal(kept)
    }

    private static func seal(_ text: String) throws(SealError) -> Seal {
        let text = text.filter { !$0.isWhitespace }
        if text.utf8.count == 64 {
            let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
            guard digits.count == 64 else { throw .badKey }
            return try Seal(key: stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
        }
        guard let bytes = Base64.decoded(text.utf8) else { throw .badKey }
        return try Seal(key: Array(bytes))
    }

    private static func read(_ path: String) throws(SealError) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw .file(path: path, reason: String(cString: strerror(errno))) }
            return nil
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = bytes.withUnsafeMutableBytes { SystemRead.read(file, $0.baseAddress, $0.count) }
        guard count > 0 else { throw .file(path: path, reason: "it is empty") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Writes the file whole or not at all, and leaves one alone that is there.
    private static func make(_ path: String, _ text: String) throws(SealError) {
        let draft = "\(path).\(getpid())"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(path: draft, reason: String(cString: strerror(errno))) }
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { SystemRead.write(file, $0.baseAddress, $0.count) }
        let isSynced = fsync(file) == 0
        close(file)
        defer { unlink(draft) }
        guard count == bytes.count, isSynced else { throw .file(path: draft, reason: "it cannot be written") }
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw .file(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// Calls of the system by names that nothing here hides.
private enum SystemRead {
    static func read(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(file, bytes, count)
        #elseif canImport(Musl)
        Musl.read(file, bytes, count)
        #else
        Darwin.read(file, bytes, count)
        #endif
    }

    static func write(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(file, bytes, count)
        #elseif canImport(Musl)
        Musl.write(file, bytes, count)
        #else
        Darwin.write(file, bytes, count)
        #endif
    }
}
