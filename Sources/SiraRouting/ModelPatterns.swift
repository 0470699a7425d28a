/// Names of models that someone may use: whole names, or with `*` for any run of characters.
package struct ModelPatterns: Hashable, Sendable {
    private let exact: Set<String>
    private let globs: [[UInt8]]

    /// An empty list allows nothing.
    package init(_ patterns: [String]) {
        exact = Set(patterns.filter { !$0.contains("*") })
        globs = patterns.filter { $0.contains("*") }.map { Array($0.utf8) }
    }

    /// Allows every model.
    package static let all = ModelPatterns(["*"])

    package func allow(_ name: String) -> Bool {
        exact.contains(name) || (!globs.isEmpty && globs.contains { Self.matches($0, Array(name.utf8)) })
    }

    /// Greedy matching with one point of return, linear in practice and at worst the product of the lengths.
    private static func matches(_ glob: [UInt8], _ name: [UInt8]) -> Bool {
        var (at, position) = (0, 0)
        var star: (at: Int, position: Int)?
        while position < name.count {
            if at < glob.count, glob[at] == UInt8(ascii: "*") {
                star = (at, position)
                at += 1
            } else if at < glob.count, glob[at] == name[position] {
                at += 1
                position += 1
            } else if let last = star {
                star = (last.at, last.position + 1)
                at = last.at + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return glob[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
