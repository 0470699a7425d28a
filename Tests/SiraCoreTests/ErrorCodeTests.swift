import Foundation
import SiraCore
import Testing

@Suite struct ErrorCodeTests {
    @Test func `every code is in the documentation with its status`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/errors.md"), encoding: .utf8)
        for code in ErrorCode.allCases {
            let row = text.split(separator: "\n").first { $0.hasPrefix("| `\(code.rawValue)` |") }
            // What a provider refused has the provider's own status.
            let status = code == .upstreamRejected ? "else \(code.status)" : "| \(code.status) |"
            #expect(row?.contains(status) == true, "\(code.rawValue)")
        }
    }
}
