/// Why a deployment is left alone, in facts that can be put into words.
package enum IllReason: Hashable, Sendable {
    case failuresInRow(Int, last: FailureKind)
    /// So many of a hundred attempts failed in so many seconds.
    case errorShare(percent: Int, seconds: Int)
    /// The mean time to the first token, and the limit for it.
    case slow(milliseconds: Int, limit: Int, seconds: Int)
    case disabled(Disablement)
}

/// What the provider says that makes it useless to ask again soon.
package enum Disablement: String, Hashable, Sendable, CaseIterable {
    /// The provider has no model of this name.
    case modelNotFound
    /// The provider says that the model was withdrawn.
    case modelRetired
}

extension Disablement: CustomStringConvertible {
    package var description: String {
        switch self {
        case .modelNotFound: "the provider does not know the model"
        case .modelRetired: "the provider has withdrawn the model"
        }
    }
}

extension IllReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .failuresInRow(1, let last): "a failure (\(last.words))"
        case .failuresInRow(let count, let last): "\(count) failures in a row, the last one: \(last.words)"
        case .errorShare(let percent, let seconds): "\(percent) % errors in \(seconds) s"
        case .slow(let time, let limit, let seconds):
            "first token after \(time) ms on average in \(seconds) s, limit \(limit) ms"
        case .disabled(let why): why.description
        }
    }
}
