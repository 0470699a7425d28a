internal import Foundation

/// Recorded traffic and translation pairs, which lie beside the project and may be absent.
package enum SharedData {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared")

    /// Whether the data are there; tests that need them are skipped otherwise.
    package static var isAvailable: Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent("pairs").path)
    }

    /// The lines of a file, such as `pairs/request.jsonl.gz`, compressed or not; none when it is absent.
    package static func lines(of file: String) throws -> [[UInt8]] {
        let path = root.appendingPathComponent(file).path
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dcf", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data.split(separator: 0x0A).map { Array($0) }
    }

    /// The names of the files of recordings.
    package static func recordings() throws -> [String] {
        let folder = root.appendingPathComponent("recordings").path
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".jsonl.gz") }.sorted().map { "recordings/" + $0 }
    }
}
