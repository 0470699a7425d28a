import Foundation
import Testing

@testable import SiraConfiguration

/// The package's own directory.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Whether generated files are to be written instead of compared.
let updatesGolden = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

/// The files of a directory of the package with this ending, sorted.
func files(in directory: String, ending: String) -> [URL] {
    let url = packageRoot.appendingPathComponent(directory)
    let all = (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
    return all.filter { $0.pathExtension == ending }.sorted { $0.lastPathComponent < $1.lastPathComponent }
}

/// Expects the file to hold the text, or writes it if ``updatesGolden``.
func expectGolden(_ path: String, _ text: String) throws {
    let url = packageRoot.appendingPathComponent(path)
    if updatesGolden { try text.write(to: url, atomically: true, encoding: .utf8) }
    let stored = try String(contentsOf: url, encoding: .utf8)
    #expect(stored == text, "\(path) is not what would be generated; run the tests with UPDATE_GOLDEN=1")
}

/// The settings of a text, or its problems as they are printed.
func settings(_ text: String, _ environment: [String: String] = [:]) throws -> Settings {
    try Settings.parse(text, file: "sira.yaml", environment: Environment(environment))
}

/// What is wrong with a text, a line each; empty when nothing is.
func problems(_ text: String, _ environment: [String: String] = [:]) -> String {
    do {
        _ = try Settings.parse(text, file: "sira.yaml", environment: Environment(environment))
        return ""
    } catch {
        return error.description
    }
}

/// A directory that is gone when `body` is done.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sira-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
}
