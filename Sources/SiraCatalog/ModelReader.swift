internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Reads entries of `models.json`.
enum ModelReader {
    /// The model, or nil after adding what is wrong to `problems`.
    static func read(_ json: JSONValue, _ problems: inout [String]) -> Model? {
        guard let provider = json["provider"]?.string, let id = json["id"]?.string, !id.isEmpty else {
            problems.append("a model without provider or id")
            return nil
        }
        var draft = ModelDraft(provider: provider, id: id)
        var wrong: [String] = []
        for (key, value) in json.members {
            switch key.string {
            case "name": draft.name = value.string ?? ""
            case "aliases": draft.aliases = value.elements.compactMap(\.string)
            case "match": draft.match = value.elements.compactMap { rule($0, &wrong) }
            case "kind":
                guard let kind = ModelKind(rawValue: value.string ?? "") else {
                    wrong.append("unknown kind")
                    continue
                }
                draft.kind = kind
            case "context": draft.context = value.integer.map(Int.init)
            case "max_output": draft.maxOutput = value.integer.map(Int.init)
            case "capabilities": draft.capabilities = capabilities(value, &wrong)
            case "thinking", "efforts", "default_effort", "refuses":
                read(value, of: key.string ?? "", into: &draft.traits, &wrong)
            case "deprecated": draft.retiresOn = value.string.flatMap { CalendarDay($0) }
            case "api": draft.api = value.string
            case "quality":
                guard let quality = value.double, (0...1).contains(quality) else {
                    wrong.append("a quality that is not between 0 and 1")
                    continue
                }
                draft.quality = quality
            case "prices": draft.prices = PriceReader.sheet(value, &wrong)
            default: break
            }
        }
        problems += wrong.map { "\(provider)/\(id): \($0)" }
        return Model(draft)
    }

    /// Reads one of the fields that tell how the model departs from others.
    private static func read(
        _ json: JSONValue,
        of field: String,
        into traits: inout ModelTraits,
        _ wrong: inout [String]
    ) {
        let words = (field == "default_effort" ? [json] : Array(json.elements)).map { $0.string ?? "" }
        for word in words {
            switch field {
            case "thinking":
                guard let way = ModelTraits.ThinkingWays(word: word, of: ModelTraits.ThinkingWays.words) else {
                    wrong.append("unknown way to be told to think")
                    continue
                }
                traits.thinking.insert(way)
            case "refuses":
                guard let refusal = ModelTraits.Refusals(word: word, of: ModelTraits.Refusals.words) else {
                    wrong.append("unknown refusal")
                    continue
                }
                traits.refuses.insert(refusal)
            default:
                guard let effort = Reasoning.Effort(rawValue: word) else {
                    wrong.append("unknown effort")
                    continue
                }
                if field == "efforts" { traits.efforts.append(effort) } else { traits.defaultEffort = effort }
            }
        }
    }

    private static func capabilities(_ json: JSONValue, _ wrong: inout [String]) -> Capabilities {
        var capabilities: Capabilities = []
        for value in json.elements {
            guard let word = value.string, let capability = Capabilities(word: word) else {
                wrong.append("unknown capability")
                continue
            }
            capabilities.insert(capability)
        }
        return capabilities
    }

    private static func rule(_ json: JSONValue, _ wrong: inout [String]) -> NameRule? {
        if let text = json["equals"]?.string { return .whole(text.lowercased()) }
        if let text = json["starts_with"]?.string { return .prefix(text.lowercased()) }
        if let text = json["ends_with"]?.string { return .suffix(text.lowercased()) }
        if let text = json["contains"]?.string { return .contains(text.lowercased()) }
        if let pattern = json["regex"]?.string.flatMap(NamePattern.init) { return .pattern(pattern) }
        wrong.append("a rule for names that is not understood")
        return nil
    }
}
