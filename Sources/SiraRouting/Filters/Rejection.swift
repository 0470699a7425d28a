package import SiraCatalog
package import SiraCore

/// A place where a request could have gone, and why it cannot.
package struct Rejection: Hashable, Sendable {
    /// A deployment's id or a provider's.
    package let target: String
    package let cause: RejectionCause
    /// A clause such as `no key is set; set OPENAI_API_KEY`.
    package var reason: String { cause.words }

    package init(target: String, _ cause: RejectionCause) {
        (self.target, self.cause) = (target, cause)
    }

    package init(target: String, reason: String) {
        self.init(target: target, .access(reason))
    }
}

/// Why a deployment is not asked; put into words only when someone reads it.
package enum RejectionCause: Hashable, Sendable {
    /// There is no way to it, or the name leads nowhere.
    case access(String)
    /// It does not have the operation.
    case operation(String)
    /// What the request needs and the model is known not to have.
    case capability(Capabilities)
    /// Tokens of prompt and answer together, and the most that the model takes.
    case context(needed: Int, limit: Int)
    /// The provider has stopped serving it.
    case retired(CalendarDay)
    /// The caller may not use it.
    case forbidden
    /// It does not meet the client's objective, or whatever else the filter looks at.
    case stated(filter: String, reason: String)

    /// The filter's word in the decision's record.
    package var filter: String {
        switch self {
        case .access: "access"
        case .operation: "operation"
        case .capability: "capability"
        case .context: "context"
        case .retired: "retired"
        case .forbidden: "key"
        case .stated(let filter, _): filter
        }
    }

    package var words: String {
        switch self {
        case .access(let reason), .operation(let reason), .stated(_, let reason): reason
        case .capability(let missing): "the model lacks \(missing.words.joined(separator: ", "))"
        case .context(let needed, let limit): "prompt and answer need \(needed) tokens, and the model takes \(limit)"
        case .retired(let day): "the provider stopped serving it on \(day)"
        case .forbidden: "the key may not use it"
        }
    }
}

extension Rejection {
    /// Whether the reason is the caller's key.
    var isForbidden: Bool { if case .forbidden = cause { true } else { false } }

    /// Whether there is no way to it at all.
    var isOfAccess: Bool { if case .access = cause { true } else { false } }
}
