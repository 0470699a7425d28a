internal import SiraJSON
internal import SiraWire

/// Reads entries of `providers.json`.
enum ProviderReader {
    /// The provider, or nil after adding what is wrong to `problems`.
    static func read(_ json: JSONValue, _ problems: inout [String]) -> Provider? {
        guard let id = json["id"]?.string, !id.isEmpty else {
            problems.append("a provider without id")
            return nil
        }
        var draft = ProviderDraft(id: id)
        for (key, value) in json.members {
            switch key.string {
            case "name": draft.name = value.string ?? ""
            case "name_zh": draft.nameZH = value.string
            case "base_url": draft.baseURL = value.string ?? ""
            case "protocol": draft.protocolLabel = value.string ?? ""
            case "auth": draft.auth = auth(value)
            case "key_env": draft.keyVariables = value.elements.compactMap(\.string)
            case "base_url_env": draft.baseURLVariable = value.string
            case "headers": draft.headers = headers(value)
            case "quirks": draft.quirks = quirks(value, of: id, &problems)
            case "needs": draft.needs = value.elements.compactMap(\.string)
            case "country": draft.country = value.string
            case "key_optional": draft.isKeyOptional = value.bool ?? false
            case "models_from": draft.modelsFrom = value.string
            case "verified": draft.isVerified = value.bool ?? true
            case "note": draft.note = value.string
            case "source": draft.source = value.string
            case "zero_config": draft.isZeroConfig = value.bool ?? true
            default: break
            }
        }
        return Provider(draft)
    }

    private static func auth(_ json: JSONValue) -> AuthScheme {
        guard json.kind == .object else { return AuthScheme(named: json.string ?? "unknown") }
        guard let name = json["header"]?.string, !name.isEmpty else { return .unsupported("unknown") }
        return .header(name: name.lowercased(), prefix: json["prefix"]?.string ?? "")
    }

    private static func headers(_ json: JSONValue) -> HeaderFields {
        HeaderFields(
            json.members.compactMap { key, value in
                guard let name = key.string, let text = value.string else { return nil }
                return (name.lowercased(), text)
            }
        )
    }

    /// The quirks that the dialects act upon.
    private static func quirks(_ json: JSONValue, of id: String, _ problems: inout [String]) -> Quirks {
        var quirks = Quirks()
        if let name = json["max_tokens_field"]?.string {
            quirks.outputLimitField = Quirks.OutputLimitField(rawValue: name)
            if quirks.outputLimitField == nil { problems.append("\(id): \(name) is no name of the output limit") }
        }
        if let name = json["stream_usage"]?.string {
            if let usage = Quirks.StreamUsage(rawValue: name) {
                quirks.streamUsage = usage
            } else {
                problems.append("\(id): stream_usage cannot be \(name)")
            }
        }
        if let name = json["call_ids"]?.string {
            if let form = Quirks.CallIDs(rawValue: name) {
                quirks.callIDs = form
            } else {
                problems.append("\(id): call_ids cannot be \(name)")
            }
        }
        if let name = json["thoughts_back"]?.string {
            quirks.thoughtsField = Quirks.ThoughtsField(rawValue: name)
            if quirks.thoughtsField == nil { problems.append("\(id): thoughts_back cannot be \(name)") }
        }
        quirks.takesAllowedTools = json["allowed_tools"]?.bool ?? false
        quirks.speaksResponses = json["responses"]?.bool ?? false
        quirks.costField = json["cost_field"]?.string
        quirks.flattensContent = json["content_list_to_string"]?.bool ?? false
        quirks.continuesTurns = json["continues_turns"]?.bool ?? false
        return quirks
    }
}
