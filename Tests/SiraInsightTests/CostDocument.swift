import Foundation
import Testing

/// The figures in `docs/cost.md`, each part between `<!-- figures: NAME -->` and `<!-- /figures -->`.
enum CostDocument {
    /// Expects the part to be `figures`; with `UPDATE_GOLDEN=1` it is made so.
    static func expect(_ name: String, _ figures: String) throws {
        let url = PublicSeries.packageRoot.appendingPathComponent("docs/cost.md")
        // Tests that run at once change one file.
        lock.lock()
        defer { lock.unlock() }
        var text = try String(contentsOf: url, encoding: .utf8)
        let from = try #require(text.range(of: "<!-- figures: \(name) -->\n")?.upperBound)
        let to = try #require(text.range(of: "<!-- /figures -->", range: from..<text.endIndex)?.lowerBound)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            text.replaceSubrange(from..<to, with: figures)
            return try text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(String(text[from..<to]) == figures, "docs/cost.md is not what the tests find; see UPDATE_GOLDEN=1")
    }

    static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

    private static let lock = NSLock()
}
