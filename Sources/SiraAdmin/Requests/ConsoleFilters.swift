package import SiraCore
package import SiraStorage
package import SiraTenancy

/// What the console's questions have in common: a stretch of time, tenants, names.
package enum ConsoleFilters {
    private static let time = FieldShape.text(length: 1...35, format: nil)
    private static let form = "RFC 3339, or seconds since 1970."

    /// The stretch of time.
    package static let times = [
        EndpointParameter("from", time, "From when on: \(form)"),
        EndpointParameter("to", time, "Until when, now without it: \(form)"),
        EndpointParameter("since", time, "The same as `from`."),
        EndpointParameter("until", time, "The same as `to`."),
    ]

    /// The names that narrow what is asked for.
    package static let names =
        ReportFilters.all + [
            EndpointParameter(
                "deployment",
                ReportFilters.name,
                "Only what went to this deployment, such as `openai/gpt-4o`."
            )
        ]

    /// The end of the years that have four digits.
    private static let latest = Timestamp(microseconds: 253_402_300_800_000_000)

    /// A point in time that was asked for.
    package static func time(_ query: [String: String], _ names: String...) throws(EndpointError) -> Timestamp? {
        for name in names {
            guard let text = query[name] else { continue }
            var time = Timestamp(iso8601: text)
            if time == nil, let seconds = Double(text), abs(seconds) < 1e11 {
                time = Timestamp(microseconds: Int64((seconds * 1_000_000).rounded()))
            }
            if let time, time.microseconds >= 0, time < latest { return time }
            throw invalid(name, "must be a time from 1970 on such as 2026-11-21T08:00:00Z, or seconds since then")
        }
        return nil
    }

    /// The stretch of time that was asked for.
    ///
    /// - Parameter usual: how long it is where only its end is known.
    package static func range(
        _ query: [String: String],
        usual: Duration,
        now: Timestamp
    ) throws(EndpointError) -> Range<Timestamp> {
        let until = try time(query, "to", "until") ?? now
        let since = try time(query, "from", "since") ?? until.advanced(by: .seconds(0) - usual)
        guard since < until else { throw invalid("from", "must be before \(until)") }
        return since..<until
    }

    /// The filter of the names that were asked for.
    package static func filter(_ query: [String: String]) -> UsageFilter {
        var filter = UsageFilter()
        (filter.organization, filter.team, filter.project) = (query["organization"], query["team"], query["project"])
        (filter.key, filter.user, filter.tag) = (query["key"], query["user"], query["tag"])
        filter.requestedModel = query["requested_model"]
        (filter.provider, filter.model) = (query["provider"], query["model"])
        if let deployment = query["deployment"] {
            let halves = deployment.split(separator: "/", maxSplits: 1).map(String.init)
            filter.provider = halves.first
            if halves.count == 2 { filter.model = halves[1] }
        }
        return filter
    }

    /// A refusal of a parameter.
    package static func invalid(_ field: String, _ message: String) -> EndpointError {
        EndpointError(400, "invalid_query", "\(field) \(message).", fields: [FieldProblem(field, message)])
    }
}

extension ReportSource {
    /// The place to which a question of the console's is narrowed.
    ///
    /// Who may see one place alone need not name it.
    package func consolePlace(
        for author: Author,
        _ permission: Permission,
        _ query: [String: String]
    ) async throws -> Scope {
        let scopes = ReportFilters.scopes(query)
        if scopes.isEmpty, let places = RequestReach(of: author, permission).places, places.count == 1 {
            return places[0]
        }
        return try await place(for: author, permission, within: scopes)
    }
}

extension UsageFilter {
    /// Asks for what lies in the place alone.
    package mutating func narrow(to place: Scope) {
        switch place.kind {
        case .organization: organization = place.name
        case .team: team = place.name
        case .project: project = place.name
        default: break
        }
    }
}

extension RollupQuery {
    /// Asks for the names of a filter.
    package mutating func narrow(to filter: UsageFilter) {
        (organization, team, project) = (filter.organization, filter.team, filter.project)
        (key, requestedModel, provider, model) = (filter.key, filter.requestedModel, filter.provider, filter.model)
        if let user = filter.user {
            (tag, isByUser) = (RollupKey.userPrefix + user, true)
        } else {
            tag = filter.tag
        }
    }
}
