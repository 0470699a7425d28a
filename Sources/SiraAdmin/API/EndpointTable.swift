/// Finds the endpoint that a path and a method mean.
struct EndpointTable: Sendable {
    private struct Entry {
        var segments: [Substring]
        var endpoint: Endpoint
        var literals: Int { segments.count { !$0.hasPrefix("{") } }
    }

    private let entries: [Entry]

    /// What all paths begin with.
    static let prefix = "/api/v1"

    init(_ endpoints: [Endpoint]) {
        // Where a path fits two, the one with more of its own words counts.
        entries = endpoints.map { Entry(segments: Self.segments($0.path), endpoint: $0) }
            .sorted { $0.literals > $1.literals }
    }

    /// How a path can be asked; none where there is nothing at it.
    func methods(of path: String) -> [String] {
        Array(Set(fitting(path).map(\.endpoint.method.rawValue))).sorted()
    }

    /// The endpoint for a method and a path, with the variables of the path.
    func find(_ method: String, _ path: String) -> (endpoint: Endpoint, variables: [String: String])? {
        fitting(path).first { $0.endpoint.method.rawValue == method }
    }

    private func fitting(_ path: String) -> [(endpoint: Endpoint, variables: [String: String])] {
        guard path.hasPrefix(Self.prefix) else { return [] }
        let segments = Self.segments(String(path.dropFirst(Self.prefix.count)))
        return entries.compactMap { entry in
            Self.fit(segments, to: entry.segments).map { (entry.endpoint, $0) }
        }
    }

    private static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0 }
    }

    private static func fit(_ given: [Substring], to template: [Substring]) -> [String: String]? {
        guard given.count == template.count else { return nil }
        var variables: [String: String] = [:]
        for (given, template) in zip(given, template) {
            if template.hasPrefix("{") {
                guard !given.isEmpty else { return nil }
                variables[String(template.dropFirst().dropLast())] = String(given)
            } else if given != template {
                return nil
            }
        }
        return variables
    }
}
