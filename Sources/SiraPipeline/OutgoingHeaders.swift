import SiraCore
import SiraHealth
import SiraRouting
import SiraWire

extension Pipeline {
    /// The header fields of the request that a deployment is sent.
    ///
    /// - Throws: what ``credential(for:_:)`` throws.
    func headers(_ attempt: Attempt, _ request: RequestContext) throws(GatewayError) -> HeaderFields {
        let deployment = attempt.deployment
        let agent = deployment.headers["user-agent"] ?? "sira"
        var fields = HeaderFields()
        if let type = contentType(request) { fields.append("content-type", type) }
        fields.append("user-agent", agent)
        attempt.credential = try credential(for: attempt, request)
        let credentials = deployment.access.credentials
        if let key = attempt.begun?.key, credentials.count > 1 {
            attempt.showsOwnKey = credentials.indices.contains(key) && credentials[key] == attempt.credential
        }
        if let credential = attempt.credential {
            fields.append(credential.name, credential.value.reveal())
        }
        for (name, value) in deployment.headers where name != "user-agent" { fields.append(name, value) }
        // What the operator has set stands; of the client's fields there may be several of one name.
        let ownCount = fields.fields.count
        let forwarded = deployment.access.forwardedHeaders ?? request.snapshot.policy.forwardedHeaders
        let isPassage = if case .passage = request.inbound.matter { true } else { false }
        for (name, value) in request.inbound.headers
        where forwarded.cover(name) || (isPassage && Self.passageHeaders.cover(name)) {
            let name = name.lowercased()
            let isOwn = fields.fields.prefix(ownCount).contains { $0.name == name }
            if !isOwn { fields.append(name, value) }
        }
        // Anthropic's protocol demands a version; a client of another protocol sends none.
        if attempt.wire == .anthropic, fields["anthropic-version"] == nil {
            fields.append("anthropic-version", "2023-06-01")
        }
        if attempt.wire == .anthropic, request.inbound.matter.isThing { Self.appendFilesBeta(to: &fields) }
        return fields
    }

    /// Anthropic's files are found by those alone who ask for that part of the API.
    ///
    /// https://docs.anthropic.com/en/docs/build-with-claude/files
    private static func appendFilesBeta(to fields: inout HeaderFields) {
        let isAsked = fields.fields.contains { $0.name == "anthropic-beta" && $0.value.contains("files-api-") }
        if !isAsked { fields.append("anthropic-beta", "files-api-2025-04-14") }
    }

    /// The type of the body; nil where there is none.
    private func contentType(_ request: RequestContext) -> String? {
        let inbound = request.inbound
        switch inbound.matter {
        case .call where request.form == nil: return "application/json"
        case .call: return inbound.headers["content-type"]
        case .passage, .thing:
            let hasBody = inbound.source != nil || inbound.bodySize > 0
            return hasBody ? inbound.headers["content-type"] : nil
        }
    }

    /// What a provider is told of a request that goes to it as it is: how to read the body and how to answer.
    ///
    /// Besides what it is told of all. None of it shows who calls.
    private static let passageHeaders = HeaderPatterns([
        "accept", "accept-language", "content-encoding", "content-language", "content-disposition", "content-range",
        "range", "if-match", "if-none-match", "if-modified-since", "if-range", "prefer", "x-goog-upload-*",
        "x-goog-api-client", "x-amzn-bedrock-*", "openai-*", "anthropic-*", "idempotency-key",
    ])
}
