package import SiraCatalog
package import SiraCore
package import SiraHealth
package import SiraSignals
package import SiraWire

/// From the names that clients use to the places that answer.
///
/// Immutable; a new configuration makes a new one.
///
/// A name is looked up in this order, and the first that knows it decides:
///
/// 1. an alias or route of the configuration, with its targets in their order;
/// 2. `access/model`: that access and no other. The model need not be known: new ones work at once, at unknown cost;
/// 3. an id or alias of the catalogue: every configured provider that offers it, in the order of the configuration;
/// 4. another snapshot of such a model, by the catalogue's rules (``Catalog/model(provider:name:)``);
/// 5. when one access is configured and no more, that one, unless the name begins with a provider that it is not.
package struct Directory: Sendable {
    package let catalog: Catalog
    /// The configured ways to providers, in their order.
    package let accesses: [ProviderAccess]
    /// What is wrong with the aliases and routes: one sentence each.
    package let problems: [String]
    /// What `GET /v1/models` lists to someone who may use everything.
    package let listed: [ListedModel]

    let routes: [String: Route]
    /// Aliases and routes.
    let ownNames: Set<String>
    let pool: AutoPool
    private let byName: [String: ProviderAccess]
    private let resolutions: [String: Resolution]
    private let unavailable: [String: Rejection]
    private let health: HealthBoard

    /// Of two accesses, aliases or routes with the same name the first counts.
    ///
    /// - Parameters:
    ///   - auto: the models of those tiers that the operator fills.
    ///   - health: what is known of deployments; give the same to the next configuration's directory.
    ///   - turns: whose turn it is in routes; likewise.
    package init(
        catalog: Catalog,
        accesses: [ProviderAccess],
        aliases: [ModelAlias] = [],
        routes: [RouteSpec] = [],
        auto: [Tier: [String]] = [:],
        health: HealthBoard = HealthBoard(),
        turns: RouteTurns = RouteTurns()
    ) {
        let plain = Directory(plain: catalog, accesses: accesses, health: health)
        self.init(plain, aliases: aliases, routes: routes, auto: auto, turns: turns)
    }

    private init(plain catalog: Catalog, accesses: [ProviderAccess], health: HealthBoard) {
        self.catalog = catalog
        self.accesses = accesses
        self.health = health
        byName = Dictionary(accesses.map { ($0.name, $0) }) { first, _ in first }
        unavailable = Self.unavailable(catalog, accesses)
        let table = DirectoryTable(catalog: catalog, accesses: accesses, unavailable: unavailable, health: health)
        resolutions = table.plans
        pool = AutoPool(table.conversational)
        (problems, listed, routes, ownNames) = ([], table.listed, [:], [])
    }

    /// `directory` with the operator's names on top.
    private init(
        _ directory: Directory,
        aliases: [ModelAlias],
        routes specs: [RouteSpec],
        auto: [Tier: [String]],
        turns: RouteTurns
    ) {
        catalog = directory.catalog
        accesses = directory.accesses
        byName = directory.byName
        unavailable = directory.unavailable
        health = directory.health
        let table = RouteTable(aliases: aliases, routes: specs, turns: turns) { try directory.known($0) }
        routes = table.routes
        resolutions = directory.resolutions.merging(table.resolutions) { _, own in own }
        let names = aliases.map(\.name) + specs.map(\.name)
        ownNames = Set(names)
        var seen: Set<String> = []
        let own = names.compactMap { name -> ListedModel? in
            guard seen.insert(name).inserted, let first = table.resolutions[name]?.candidates.first else { return nil }
            return ListedModel(alias: name, of: first.deployment)
        }
        listed = own + directory.listed.filter { table.resolutions[$0.id] == nil }
        var (lists, unknown): ([Tier: [Candidate]], [String]) = ([:], [])
        for (tier, names) in auto {
            for name in names {
                let found = table.resolutions[name] ?? (try? directory.known(name))
                lists[tier, default: []] += found?.candidates ?? []
                if found == nil {
                    unknown.append("auto's tier \(tier.rawValue) leads to \(name), which nobody offers.")
                }
            }
        }
        problems = table.problems + unknown.sorted()
        pool = directory.pool.with(lists)
    }

    /// Where a request for `model` may go, in the order of the configuration, whatever is known of health.
    ///
    /// - Throws: `modelNotFound` when nobody is known to have the model, `providerNotConfigured` when only providers
    ///   have it that cannot be used, `unsupportedFeature` when none of those that have it offers the operation.
    package func plan(for model: String, operation: Operation) throws(GatewayError) -> Plan {
        let resolution = try offering(operation, among: try known(model), name: model)
        return Plan(candidates: resolution.candidates, rejections: resolution.rejections)
    }

    /// The part of `resolution` that has the operation.
    ///
    /// - Throws: `providerNotConfigured` when there was nothing, `unsupportedFeature` when nothing is left.
    func offering(_ operation: Operation, among resolution: Resolution, name: String) throws(GatewayError) -> Resolution
    {
        let all = resolution.candidates
        if !all.isEmpty, all.allSatisfy({ $0.deployment.refusal(of: operation) == nil }) { return resolution }
        var left = Resolution(candidates: [], rejections: resolution.rejections)
        for candidate in all {
            if let reason = candidate.deployment.refusal(of: operation) {
                left.rejections.append(Rejection(target: candidate.deployment.id, .operation(reason)))
            } else {
                left.candidates.append(candidate)
            }
        }
        guard left.candidates.isEmpty else { return left }
        // Of providers without access it does not matter what else they cannot do.
        let own = left.rejections.dropFirst(all.isEmpty ? 0 : resolution.rejections.count)
        let reasons = own.prefix(3).map { "\($0.target): \($0.reason)" }.joined(separator: "; ")
        throw GatewayError(
            all.isEmpty ? .providerNotConfigured : .unsupportedFeature,
            "No provider of \(quoted(name)) can take this \(operation.label) request: \(reasons).",
            field: "model"
        )
    }

    /// Access and model, such as `openai/gpt-4o`, of every place that a request for `model` may go to; empty when there
    /// is none.
    package func targets(of model: String) -> [String] {
        ((try? known(model))?.candidates ?? []).map(\.deployment.id)
    }

    /// The access of that name and no other, for a request that goes to it as it is.
    ///
    /// - Parameter model: empty when the request is for none, or for one that cannot be told.
    /// - Throws: `providerNotConfigured` when there is no such access.
    package func passage(to name: String, model: String) throws(GatewayError) -> Plan {
        guard let access = byName[name] else {
            let reason = unavailable[name].map { ": \($0.reason)" } ?? ""
            throw GatewayError(.providerNotConfigured, "The provider \(quoted(name)) is not configured\(reason).")
        }
        let known = catalog.model(provider: access.provider.id, name: model)
        return Plan(candidates: [Candidate(unlisted(access, model, known), .explicit)])
    }

    /// What is listed, without what its provider has stopped serving by `time`.
    package func listed(at time: Timestamp) -> [ListedModel] {
        listed.filter { model in model.retiresOn.map { $0.start > time } ?? true }
    }

    // MARK: resolution

    /// Whether the name is one that was worked out beforehand, and not a client's own.
    func isListed(_ name: String) -> Bool { resolutions[name] != nil }

    func known(_ name: String) throws(GatewayError) -> Resolution {
        let plan = resolutions[name]
        // Aggregators have models whose names begin like another access's, such as openrouter's `anthropic/…`.
        if let plan, plan.candidates.first?.reason != .offered { return plan }
        if let explicit = explicit(name) { return explicit }
        if let plan { return plan }
        // Rules look at a part of the name only; the rest goes into headers and books.
        let isPlausible = Self.isPlausible(name)
        let others = accesses.compactMap { access -> Candidate? in
            guard isPlausible, let model = catalog.model(provider: access.provider.id, name: name) else { return nil }
            return Candidate(unlisted(access, name, model), .snapshot)
        }
        if !others.isEmpty { return Resolution(candidates: others) }
        try refuseUnconfigured(name)
        if accesses.count == 1, let only = accesses.first, isPlausible, mayHave(only, name) {
            return Resolution(candidates: [Candidate(unlisted(only, name, nil), .onlyProvider)])
        }
        throw notFound(name)
    }

    /// The plan for `access/model` with a model that the table does not hold.
    private func explicit(_ name: String) -> Resolution? {
        guard let slash = name.firstIndex(of: "/"), let access = byName[String(name[..<slash])] else { return nil }
        let rest = String(name[name.index(after: slash)...])
        guard Self.isPlausible(rest) else { return nil }
        let model = catalog.model(provider: access.provider.id, name: rest)
        return Resolution(candidates: [Candidate(unlisted(access, rest, model), .explicit)])
    }

    /// A deployment that a client has named, of which the table does not know.
    private func unlisted(_ access: ProviderAccess, _ name: String, _ model: Model?) -> Deployment {
        // There is no end to the names that clients can think of, so all of an access share one health.
        Deployment(access: access, upstreamModel: name, model: model, health: health, sharesHealth: true)
    }

    /// Whether an unknown model of this name could be the provider's.
    ///
    /// What stands before a slash names another provider, unless its models are named so, or are not known.
    private func mayHave(_ access: ProviderAccess, _ name: String) -> Bool {
        guard name.contains("/") else { return true }
        let models = catalog.models(of: access.provider.id)
        return models.isEmpty || models.contains { $0.id.contains("/") }
    }

    /// Whether a provider could have a model of this name: some characters, none of them a space or control character,
    /// and something after the last slash.
    ///
    /// Some providers have the name in their path, so what means something in a URL is no part of one either.
    private static func isPlausible(_ name: String) -> Bool {
        (1...256).contains(name.utf8.count) && !name.hasSuffix("/")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"?#%\\".utf8.contains($0) }
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == "." || $0 == ".." }
    }

    // MARK: errors

    /// - Throws: `providerNotConfigured` when the catalogue knows providers of the model, none of which is configured.
    private func refuseUnconfigured(_ name: String) throws(GatewayError) {
        if let slash = name.firstIndex(of: "/"), let rejection = unavailable[String(name[..<slash])] {
            throw GatewayError(
                .providerNotConfigured,
                "The provider \(rejection.target) is not configured: \(rejection.reason).",
                field: "model"
            )
        }
        let owners = catalog.models(named: name).compactMap { catalog.provider($0.provider) }
        guard !owners.isEmpty else { return }
        // Those come first for which a key is all that is missing.
        let easiest = owners.enumerated().sorted { ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset) }
        let offers = easiest.prefix(3).compactMap { unavailable[$0.element.id] }.map { "\($0.target) (\($0.reason))" }
        throw GatewayError(
            .providerNotConfigured,
            "No configured provider is known to offer \(quoted(name)). It is offered by "
                + "\(offers.joined(separator: ", ")).\(detour(name))",
            field: "model"
        )
    }

    /// How to ask a configured provider all the same: the catalogue need not know everything that one has.
    private func detour(_ name: String) -> String {
        guard let access = accesses.first, Self.isPlausible(name), !name.contains("/") else { return "" }
        return
            " If a configured provider has it nevertheless, write its name in front: \(quoted("\(access.name)/\(name)"))."
    }

    private func notFound(_ name: String) -> GatewayError {
        if let slash = name.firstIndex(of: "/"), byName[String(name[..<slash])] == nil, accesses.count == 1 {
            let names = accesses.map(\.name).joined()
            return GatewayError(
                .modelNotFound,
                "There is no model \(quoted(name)), and no provider \(quoted(String(name[..<slash]))); "
                    + "the only one is \(names). GET /v1/models lists the models that can be used.",
                field: "model"
            )
        }
        let near = NameSuggestion.near(name, among: listed.lazy.map(\.id))
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
        return GatewayError(
            .modelNotFound,
            "There is no model \(quoted(name)).\(hint) GET /v1/models lists the models that can be used; "
                + "provider/model reaches one that is not listed.",
            field: "model"
        )
    }

    func quoted(_ name: String) -> String {
        "\"\(name.prefix(100))\(name.count > 100 ? "…" : "")\""
    }

    /// For each provider without access, why that is so.
    private static func unavailable(_ catalog: Catalog, _ accesses: [ProviderAccess]) -> [String: Rejection] {
        let configured = Set(accesses.map(\.provider.id))
        let others = catalog.providers.filter { !configured.contains($0.id) }
        return Dictionary(others.map { ($0.id, Rejection(target: $0.id, reason: $0.unavailability)) }) { first, _ in
            first
        }
    }
}

extension Provider {
    /// How much is missing until the provider can be used: 0 a key, 1 more than that, 2 support for it.
    fileprivate var effort: Int {
        guard isSpoken else { return 2 }
        return needs.isEmpty && isZeroConfig ? (isVerified ? 0 : 1) : 1
    }

    /// Why a provider that nobody has configured cannot be used.
    fileprivate var unavailability: String {
        if wire == nil { return "Sira does not speak its protocol \(protocolLabel) yet" }
        guard auth.isSupported else { return "its way of authentication is not supported yet" }
        return isKeyOptional ? "it is not configured" : "no key is set\(keyHint)"
    }
}

extension Deployment {
    /// Why the deployment cannot do the operation; nil when it can.
    func refusal(of operation: Operation) -> String? {
        guard offers(operation) else {
            return "the provider's protocol \(access.wire.rawValue) has no \(operation.label)"
        }
        if let api = model?.api, api != "responses" {
            return "the provider answers for this model only through its \(api) interface"
        }
        guard operation.isConversation, model?.kind == .embedding else { return nil }
        return "this is a model for embeddings"
    }
}
