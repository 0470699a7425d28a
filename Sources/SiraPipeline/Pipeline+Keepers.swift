import SiraCatalog
import SiraCore
import SiraRouting
import SiraStorage
import SiraWire

/// Which providers keep files and batches, and which of them is asked.
extension Pipeline {
    /// The access that keeps what is made: the one that the client names, else the first that can and that speaks the
    /// client's protocol.
    ///
    /// - Throws: `providerNotConfigured` when there is none; `unsupportedFeature` when the one that is named keeps no such
    ///   things, or in another way.
    func keeper(of thing: KeptThing, _ request: RequestContext) throws(GatewayError) -> String {
        if let name = request.inbound.headers["x-sira-provider"] {
            try check(name, keeps: thing.kind, request)
            return name
        }
        let wire: WireProtocol = request.inbound.clientProtocol == .anthropic ? .anthropic : .openai
        guard wire == .openai || thing.kind == .file else { throw Self.anthropicBatches }
        let speakers = request.snapshot.directory.accesses.filter { $0.wire == wire && $0.keeps(thing.kind) }
        // The maker of a protocol, and those that follow it furthest, have files; of the others it is not known.
        let best = speakers.first {
            wire == .anthropic ? $0.provider.id == "anthropic" : $0.provider.quirks.speaksResponses
        }
        guard let access = best ?? speakers.first else {
            let owner = wire == .anthropic ? "Anthropic's" : "OpenAI's"
            throw GatewayError(
                .providerNotConfigured,
                "No provider is configured that speaks \(owner) protocol and keeps files. "
                    + keepers(of: thing.kind, request)
            )
        }
        return access.name
    }

    /// Refuses what a provider does not have, or has in a form of its own.
    ///
    /// A provider that is not configured is left to be found so.
    func check(_ name: String, keeps kind: OwnedObject.Kind, _ request: RequestContext) throws(GatewayError) {
        guard let access = request.snapshot.directory.accesses.first(where: { $0.name == name }),
            !access.keeps(kind)
        else { return }
        if access.wire == .anthropic, kind == .batch { throw Self.anthropicBatches }
        throw GatewayError(
            .unsupportedFeature,
            "The provider \(name) has nothing at /v1/\(kind.path). \(keepers(of: kind, request)) What \(name) itself has "
                + "is at /providers/\(name)/…, for keys only with server.account_paths: pass.",
            field: "x-sira-provider"
        )
    }

    /// Which of the configured providers can be named.
    private func keepers(of kind: OwnedObject.Kind, _ request: RequestContext) -> String {
        let names = request.snapshot.directory.accesses.filter { $0.keeps(kind) }.prefix(5).map(\.name)
        guard !names.isEmpty else { return "No configured provider keeps \(kind.path)." }
        return "Name one in the header x-sira-provider that keeps \(kind.path): \(names.joined(separator: ", "))."
    }

    /// What is said to those who want a batch of Anthropic's where they have another shape.
    private static let anthropicBatches = GatewayError(
        .unsupportedFeature,
        "Anthropic's batches have another shape than those at /v1/batches. They are at "
            + "/providers/anthropic/v1/messages/batches, for keys only with server.account_paths: pass."
    )
}

extension ProviderAccess {
    /// Whether things of this kind can be kept there in the form of `/v1/files` and `/v1/batches`, as far as its protocol
    /// tells.
    fileprivate func keeps(_ kind: OwnedObject.Kind) -> Bool {
        switch wire {
        case .openai, .responses: true
        // Clouds that host its models have no files of its API.
        case .anthropic: kind == .file && provider.quirks.hosting != .vertex
        case .gemini, .bedrock, .cohere, .ollama: false
        }
    }
}

extension OwnedObject.Kind {
    /// The last word of the path at which such things are.
    fileprivate var path: String {
        switch self {
        case .file: "files"
        case .batch: "batches"
        }
    }
}
