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

    /// The methods that a path knows, and the endpoint for this one with the variables of the path.
    func find(_ method: String, _ path: String) -> (methods: [String], match: (Endpoint, [String: String])?) {
        guard path.hasPrefix(Self.prefix) else { return ([], nil) }
        let segments = Self.segments(String(path.dropFirst(Self.prefix.count)))
        var methods: [String] = []
        var match: (Endpoint, [String: String])?
        for entry in entries {
            guard let variables = Self.fit(segments, to: entry.segments) else { continue }
            methods.append(entry.endpoint.method.rawValue)
            if match == nil, entry.endpoint.method.rawValue == method { match = (entry.endpoint, variables) }
        }
        return (Array(Set(methods)).sorted(), match)
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
