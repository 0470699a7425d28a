import SiraJSON

/// What one field was before something was done, and what it is since.
package struct AuditChange: Sendable {
    private let field: StaticString
    private let before: String?
    private let after: String?

    /// - Parameters:
    ///   - before: nil where there was nothing.
    ///   - after: nil where there is nothing any more.
    package init(_ field: StaticString, from before: String? = nil, to after: String?) {
        (self.field, self.before, self.after) = (field, before, after)
    }

    /// The changes as ``AuditEntry/changes`` has them: an object of field → `[before, after]`.
    package static func json(_ changes: AuditChange...) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            for change in changes {
                json.array(change.field) { list in
                    for text in [change.before, change.after] {
                        if let text { list.element(text) } else { list.null() }
                    }
                }
            }
        }
        return json.bytes
    }
}
