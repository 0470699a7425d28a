import SiraCore
import SiraRouting
import SiraStorage
import SiraTenancy
import SiraWire

/// A call that its caller may make.
struct AllowedCall {
    let envelope: Envelope
}

extension Pipeline {
    /// Checks that the key may use the model, and what it asks for where that has none.
    func authorize(
        _ call: DecodedCall,
        for caller: Caller,
        _ request: RequestContext
    ) throws(GatewayError) -> AllowedCall {
        let model = call.envelope.model
        if let key = caller.key, !key.allowedModels.isEmpty, let reason = request.inbound.unknownModel(model) {
            throw GatewayError(
                .modelNotAllowed,
                "The key \(key.name) may use certain models only, and \(reason). Use a key for all models.",
                field: "model"
            )
        }
        if caller.key != nil, request.snapshot.policy.accountPaths == .refuse, request.inbound.isOfAccount {
            throw GatewayError(
                .pathNotAllowed,
                "This path of the provider leads, or may lead, to things of all keys. Files and batches of this key are at /v1/files "
                    + "and /v1/batches; the operator may let keys pass (server.account_paths)."
            )
        }
        let isModelless = model.isEmpty && request.inbound.isModelless
        let directory = request.snapshot.directory
        let name = directory.name(of: model)
        request.mayUseName = caller.key?.allows(model: name) ?? true
        // Where the gateway chooses, it chooses among what the key may use.
        let isChosen = directory.choosesFreely(name)
        if !isModelless, !isChosen, let key = caller.key, !key.allows(model: name, in: directory),
            !(request.inbound.isModelless && key.allows(bareNameOf: model, in: directory))
        {
            throw GatewayError(
                .modelNotAllowed,
                "The key \(key.name) may not use the model \(model.prefix(200)). GET /v1/models lists those that it may use.",
                field: "model"
            )
        }
        return AllowedCall(envelope: call.envelope)
    }
}

extension Inbound {
    /// Why it cannot be told which models the request uses; nil where that can be told, or where it uses none.
    fileprivate func unknownModel(_ model: String) -> String? {
        switch matter {
        case .passage(let passage) where model.isEmpty || PassageMeaning(of: passage.path).isUnknown:
            "which model this request is for cannot be told from its path or body"
        case .thing(KeptThing(.batch, .create)): "the requests of a batch may be for any"
        case .call, .passage, .thing: nil
        }
    }

    /// Whether it goes to a path at which all things of the operator's account at the provider are.
    fileprivate var isOfAccount: Bool {
        guard case .passage(let passage) = matter else { return false }
        return PassageMeaning.isOfAccount(passage.path, method: method)
    }

    /// Whether a request may do without a model.
    fileprivate var isModelless: Bool {
        switch matter {
        case .call: false
        case .passage, .thing: true
        }
    }
}

extension APIKey {
    /// Whether requests may name a model by a name that leads to this place, among others: on a provider's own path the
    /// provider is named because the path is its own.
    fileprivate func allows(bareNameOf target: String, in directory: Directory) -> Bool {
        guard let slash = target.firstIndex(of: "/") else { return false }
        let bare = String(target[target.index(after: slash)...])
        return allows(model: bare) && directory.targets(of: bare).contains(target)
    }

    /// Whether requests may name that model: the key lists the name itself, or every place that the name leads to.
    func allows(model: String, in directory: Directory) -> Bool {
        if allows(model: model) { return true }
        let targets = directory.targets(of: model)
        return !targets.isEmpty && targets.allSatisfy { allows(model: $0) }
    }
}
