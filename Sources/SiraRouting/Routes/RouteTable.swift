internal import SiraSignals

/// The operator's names: what each leads to, and the routes with their choices made ready.
struct RouteTable {
    private(set) var resolutions: [String: Resolution] = [:]
    private(set) var routes: [String: Route] = [:]
    private(set) var problems: [String] = []

    /// - Parameter underlying: what a name means that is neither alias nor route.
    init(
        aliases: [ModelAlias],
        routes specs: [RouteSpec],
        turns: RouteTurns,
        underlying: @escaping (String) throws -> Resolution
    ) {
        var names = NameResolution(aliases, specs, underlying: underlying)
        for spec in specs where routes[spec.name] == nil && names.isRoute(spec.name) {
            routes[spec.name] = Self.route(spec, &names, turns)
        }
        // An alias of a route, and of nothing else, is the route by another name.
        for alias in aliases where names.isAlias(alias.name) {
            guard alias.targets.count == 1, let route = routes[alias.targets[0]] else { continue }
            routes[alias.name] = routes[alias.name] ?? route
        }
        resolutions = names.reached.mapValues(\.resolution)
        problems = names.problems
    }

    private static func route(_ spec: RouteSpec, _ names: inout NameResolution, _ turns: RouteTurns) -> Route {
        let subject = "The route \(spec.name)"
        let reached = names.reached[spec.name] ?? NameResolution.Reached()
        for target in spec.targets where !(target.weight >= 0 && target.weight.isFinite) {
            names.add(problem: "\(subject): the weight of \(target.model) must be a number from 0 on.")
        }
        let taken = Set(reached.members.map(\.candidate.deployment.id))
        var fallbacks = Fallbacks()
        let lists: [(WritableKeyPath<Fallbacks, [Candidate]>, [String], String)] = [
            (\.general, spec.fallbacks, "falls back to"),
            (\.onContextLength, spec.onContextLength, "falls back for long prompts to"),
            (\.onContentFilter, spec.onContentFilter, "falls back for filtered prompts to"),
        ]
        for (path, list, words) in lists {
            let members = names.reach(list, of: subject, for: words).members
            fallbacks[keyPath: path] = members.map(\.candidate).filter { !taken.contains($0.deployment.id) }
        }
        let degraded = names.reach(spec.degradation?.models ?? [], of: subject, for: "goes, when degraded, to").members
        return Route(
            spec,
            members: reached.members,
            rejections: reached.rejections,
            rules: rules(of: spec, &names),
            fallbacks: fallbacks,
            degraded: degraded,
            turns: turns.counter(of: spec.name)
        )
    }

    private static func rules(of spec: RouteSpec, _ names: inout NameResolution) -> [Route.Rule] {
        var rules: [Route.Rule] = []
        for (index, rule) in spec.rules.enumerated() {
            let subject = "The route \(spec.name), rule \(index + 1)"
            for name in rule.targets where !spec.targets.contains(where: { $0.model == name }) {
                names.add(problem: "\(subject): \(name) is not one of the route's targets.")
            }
            let kept = spec.targets.indices.filter { rule.targets.contains(spec.targets[$0].model) }
            if !rule.targets.isEmpty, kept.isEmpty { continue }
            do {
                rules.append(
                    Route.Rule(
                        condition: try Expression(parsing: rule.condition),
                        text: rule.condition,
                        targets: rule.targets.isEmpty ? nil : Set(kept),
                        strategy: rule.strategy?.strategy
                    )
                )
            } catch {
                names.add(problem: "\(subject): \(error)")
            }
        }
        return rules
    }
}
