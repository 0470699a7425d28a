/// What is wrong with one field of what somebody sent.
package struct FieldProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field's path, such as `roles[0].scope`; empty for the whole.
    package var field: String
    /// What is wrong and what would be right, without the field's name.
    package var message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    package var description: String { field.isEmpty ? message : "\(field): \(message)" }

    /// The same, seen from the object in which the field lies.
    func inside(_ path: String) -> FieldProblem {
        if field.isEmpty { return FieldProblem(path, message) }
        return FieldProblem(field.hasPrefix("[") ? path + field : "\(path).\(field)", message)
    }
}

/// All that is wrong with what somebody sent, found in one go.
package struct FieldProblems: Error, Hashable, Sendable, CustomStringConvertible {
    package let problems: [FieldProblem]

    package init(_ problems: [FieldProblem]) {
        self.problems = problems
    }

    package var description: String { problems.map(\.description).joined(separator: "; ") }
}
