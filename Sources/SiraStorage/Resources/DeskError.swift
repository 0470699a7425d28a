package import SiraTenancy

/// Why the desk does not do what it was asked.
package enum DeskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was sent is not JSON; says where.
    case malformed(String)
    /// Fields are wrong.
    case invalid(FieldProblems)
    /// The author may not do it; says what is lacking.
    case forbidden(String)
    /// There is no such thing, or none that the author may see.
    case missing(kind: String, id: String)
    /// Another one has the same value in that field.
    case taken(FieldProblem)
    /// Something else names it.
    case inUse(by: ResourceReference)
    /// It was changed meanwhile and has that version now.
    case changed(Int64)
    /// The plan of an organization allows no more of a kind; says which, how many, and what to do.
    case planLimit(String)
    /// It is in a state in which this cannot be done.
    case unfit(String)

    package var description: String {
        switch self {
        case .malformed(let words): "What was sent is not JSON: \(words)."
        case .invalid(let problems): "\(problems)."
        case .forbidden(let words), .planLimit(let words), .unfit(let words): words
        case .missing(let kind, let id): "There is no \(kind) \(id.prefix(100))."
        case .taken(let problem): "\(problem)."
        case .inUse(let user): "The \(user.kind.noun) \(user.id) belongs to it or names it; remove that first."
        case .changed(let version): "It was changed meanwhile and has version \(version) now; read it again."
        }
    }
}
