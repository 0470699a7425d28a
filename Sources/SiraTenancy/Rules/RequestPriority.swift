/// How soon a request is to be served where not all can be at once.
package enum RequestPriority: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Whenever nobody else wants to.
    case background = 0
    /// Soon, behind people who wait.
    case batch = 1
    /// Somebody waits for the answer.
    case interactive = 2

    package static func < (left: RequestPriority, right: RequestPriority) -> Bool { left.rawValue < right.rawValue }

    /// The word in requests and settings.
    package var label: String {
        switch self {
        case .background: "background"
        case .batch: "batch"
        case .interactive: "interactive"
        }
    }

    /// The priority whose ``label`` this is.
    package init?(label: String) {
        guard let match = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = match
    }
}
