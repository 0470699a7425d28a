import SiraJSON

/// A limit or a budget that is in the store and cannot be kept, such as one that a newer version has written.
package struct UnreadableRule: Hashable, Sendable {
    package let id: String
    /// What it is about; nil where not even that can be read.
    package let scope: Scope?
    /// What is wrong with it, as a sentence; one of ``TenantBook/problems``.
    package let problem: String

    package init(id: String, scope: Scope?, problem: String) {
        self.id = id
        self.scope = scope
        self.problem = problem
    }

    /// Reads of a document what can be read.
    init(_ document: ResourceDocument, problem: String, _ indexer: JSONIndexer) {
        let scope = try? indexer.read(document.json) { json in json["scope"]?.string.flatMap { Scope($0) } }
        self.init(id: document.id, scope: scope ?? nil, problem: problem)
    }
}
