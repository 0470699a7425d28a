internal import SiraCore

/// Works out what aliases and routes lead to.
///
/// Both are names with targets; a route has besides a way to choose among them.
struct NameResolution {
    /// What each alias and route leads to.
    private(set) var reached: [String: Reached] = [:]
    private(set) var problems: [String] = []

    private var definitions: [String: Definition] = [:]
    private let underlying: (String) throws -> Resolution

    private struct Definition {
        /// The name as the beginning of a sentence.
        let subject: String
        let targets: [RouteTarget]
        let reason: CandidateReason
    }

    /// The deployments behind a name, and what cannot be used of it.
    struct Reached {
        var members: [Route.Member] = []
        var rejections: [Rejection] = []

        /// The same for those who do not choose.
        var resolution: Resolution { Resolution(candidates: members.map(\.candidate), rejections: rejections) }
    }

    /// Of two with the same name the first counts, and an alias goes before a route.
    ///
    /// - Parameter underlying: what a name means that is neither.
    init(_ aliases: [ModelAlias], _ routes: [RouteSpec], underlying: @escaping (String) throws -> Resolution) {
        self.underlying = underlying
        for alias in aliases where definitions[alias.name] == nil {
            let targets = alias.targets.map { RouteTarget(model: $0) }
            definitions[alias.name] = Definition(subject: alias.subject, targets: targets, reason: .alias)
        }
        for route in routes {
            if let other = definitions[route.name] {
                problems.append("The route \(route.name) cannot be used: \(other.subject.lowercasedFirst) has its name.")
                continue
            }
            definitions[route.name] = Definition(
                subject: "The route \(route.name)",
                targets: route.targets,
                reason: .route
            )
        }
        var seen: Set<String> = []
        for name in aliases.map(\.name) + routes.map(\.name) where seen.insert(name).inserted {
            reached[name] = reach(name, within: [])
        }
    }

    /// Whether the name is the route's, and no alias's.
    func isRoute(_ name: String) -> Bool { definitions[name]?.reason == .route }

    func isAlias(_ name: String) -> Bool { definitions[name]?.reason == .alias }

    /// The deployments behind names that `owner` gives for `purpose`, each once.
    mutating func reach(_ names: [String], of owner: String, for purpose: String) -> Reached {
        var reached = Reached()
        var seen: Set<String> = []
        for (index, name) in names.enumerated() {
            do {
                let part = try members(of: name, within: [])
                for member in part.members where seen.insert(member.candidate.deployment.id).inserted {
                    let candidate = Candidate(member.candidate.deployment, .fallback)
                    reached.members.append(Route.Member(candidate: candidate, weight: 1, target: index))
                }
                reached.rejections += part.rejections
            } catch {
                problems.append("\(owner) \(purpose) \(name), which cannot be used: \(Self.words(error))")
            }
        }
        return reached
    }

    mutating func add(problem: String) { problems.append(problem) }

    private mutating func reach(_ name: String, within path: [String]) -> Reached {
        guard let definition = definitions[name] else { return Reached() }
        var reached = Reached()
        var seen: Set<String> = []
        for (index, target) in definition.targets.enumerated() {
            guard !path.contains(target.model) else {
                problems.append("\(definition.subject) leads back to \(target.model).")
                continue
            }
            do {
                let isItself = target.model == name
                let part =
                    try isItself
                    ? Self.members(underlying(name)) : members(of: target.model, within: path + [name])
                // The target's weight is that of all behind it together.
                let total = part.members.reduce(0) { $0 + $1.weight }
                for member in part.members where seen.insert(member.candidate.deployment.id).inserted {
                    reached.members.append(
                        Route.Member(
                            candidate: Candidate(member.candidate.deployment, definition.reason),
                            weight: total > 0 ? target.weight * member.weight / total : 0,
                            target: index
                        )
                    )
                }
                reached.rejections += part.rejections
            } catch {
                reached.rejections.append(Rejection(target: target.model, reason: Self.words(error)))
                if path.isEmpty {
                    problems.append(
                        "\(definition.subject) leads to \(target.model), which cannot be used: \(Self.words(error))"
                    )
                }
            }
        }
        if definition.targets.isEmpty, path.isEmpty { problems.append("\(definition.subject) leads nowhere.") }
        return reached
    }

    private mutating func members(of name: String, within path: [String]) throws -> Reached {
        if path.isEmpty, let known = reached[name] { return known }
        return definitions[name] == nil ? Self.members(try underlying(name)) : reach(name, within: path)
    }

    private static func members(_ resolution: Resolution) -> Reached {
        let members = resolution.candidates.map { Route.Member(candidate: $0, weight: 1, target: 0) }
        return Reached(members: members, rejections: resolution.rejections)
    }

    private static func words(_ error: any Error) -> String { (error as? GatewayError)?.message ?? "\(error)" }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
