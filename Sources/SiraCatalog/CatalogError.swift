/// What is wrong with catalogue data or with overrides of it: all of it, not only the first.
package struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence each, naming the entry.
    package let problems: [String]

    package init(problems: [String]) {
        self.problems = problems
    }

    package var description: String { problems.joined(separator: "; ") }
}
