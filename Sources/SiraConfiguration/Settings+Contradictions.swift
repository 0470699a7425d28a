import SiraWire

extension Settings {
    /// What is valid on its own but not together.
    func contradictions() -> [ConfigurationProblem] {
        listenerContradictions() + providerContradictions() + modelContradictions() + aliasContradictions()
            + sizeContradictions() + routeContradictions() + routingContradictions() + experimentContradictions()
    }

    private func listenerContradictions() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if !admin.address.isLoopback, admin.token == nil {
            let message =
                "\(admin.address) can be reached from other machines, so admin.token (or SIRA_ADMIN_TOKEN) is required"
            problems.append(origin.problem(at: "admin.address", message))
        }
        if !admin.signIn.takesPasswords, admin.signIn.providers.isEmpty, admin.token == nil {
            let message =
                "without passwords nobody can sign in, unless there is an identity provider in admin.sign_in.oidc"
            problems.append(origin.problem(at: "admin.sign_in.password", message))
        }
        for (index, provider) in admin.signIn.providers.enumerated()
        where provider.organization != nil && provider.roles.map.isEmpty {
            let message =
                "without roles.map nobody gets a role in the organization; give one, or leave the organization out"
            problems.append(origin.problem(at: "admin.sign_in.oidc[\(index)].organization", message))
        }
        let (api, other) = (server.address, admin.address)
        if api.port == other.port, api.port != 0, api.sharesHost(with: other) {
            let message = "the API listens on \(api) too; the two listeners need different ports"
            problems.append(origin.problem(at: "admin.address", message))
        }
        if server.cors.origins.count > 1, server.cors.origins.contains("*") {
            problems.append(
                origin.problem(at: "server.cors.origins", "\"*\" stands for every origin and must stand alone")
            )
        }
        return problems
    }

    private func providerContradictions() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        for (id, provider) in providers {
            for name in provider.baseURL?.placeholders ?? [] where provider.variables[name] == nil {
                let message = "the URL needs a value for {\(name)}; give it in providers.\(id).variables"
                problems.append(origin.problem(at: "providers.\(id).base_url", message))
            }
            if Set(provider.allKeys).count < provider.allKeys.count {
                problems.append(origin.problem(at: "providers.\(id).keys", "the same key is given twice"))
            }
            if case .header(let name, _)? = provider.auth, HeaderPatterns(provider.forwardHeaders ?? []).cover(name) {
                let message = "\(name) carries the provider's key (auth) and cannot be the client's as well"
                problems.append(origin.problem(at: "providers.\(id).forward_headers", message))
            }
        }
        return problems
    }

    private func modelContradictions() -> [ConfigurationProblem] {
        models.compactMap { name, model in
            guard let context = model.context, let output = model.maxOutput, output > context else { return nil }
            let message = "an answer of \(output) tokens does not fit into the context of \(context)"
            return origin.problem(at: "models.\(name).max_output", message)
        }
    }

    private func aliasContradictions() -> [ConfigurationProblem] {
        aliases.keys.compactMap { alias in
            let path = "aliases.\(alias)"
            if models[alias] != nil {
                return origin.problem(at: path, "this is the name of a model in models too; it can be only one of them")
            }
            var name = alias
            // A walk longer than there are aliases has met one of them twice.
            for _ in 0..<aliases.count {
                guard let next = aliases[name] else { return nil }
                name = next
            }
            return aliases[name] == nil
                ? nil : origin.problem(at: path, "this alias leads back to itself, never to a model")
        }
    }

    private func sizeContradictions() -> [ConfigurationProblem] {
        let journal = storage.journal
        guard journal.segmentBytes > journal.maxBytes else { return [] }
        let message =
            "one segment (\(ByteSize.text(journal.segmentBytes))) is larger than max_bytes "
            + "(\(ByteSize.text(journal.maxBytes)))"
        return [origin.problem(at: "storage.journal.segment_bytes", message)]
    }
}

extension ListenAddress {
    /// Whether it is every address of the machine.
    package var isWildcard: Bool { host == "0.0.0.0" || host == "::" }

    /// Whether the two cannot listen on the same port.
    ///
    /// What `localhost` leads to is up to the machine, so it is taken for every loopback address.
    fileprivate func sharesHost(with other: ListenAddress) -> Bool {
        if isWildcard || other.isWildcard { return true }
        let (one, two) = (host.lowercased(), other.host.lowercased())
        return one == two || (one == "localhost" && other.isLoopback) || (two == "localhost" && isLoopback)
    }
}

extension String {
    /// The names that stand in braces.
    fileprivate var placeholders: [String] {
        split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.prefix { $0 != "}" })
        }
    }
}
