import SiraCatalog
import SiraCore
import SiraJSON
import SiraRouting
import SiraWire

/// Tells of models in the shape of one protocol.
struct ModelTelling {
    let shape: WireProtocol
    let directory: Directory

    /// One model.
    func model(_ model: ListedModel) -> [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.object { write(model, into: &$0) }
        return json.bytes
    }

    /// A part of a list.
    func list(_ models: ArraySlice<ListedModel>, hasMore: Bool) -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.object {
            switch shape {
            case .gemini, .cohere:
                $0.array("models") { list in
                    for model in models { list.object { write(model, into: &$0) } }
                }
                guard hasMore, let last = models.last else { return }
                $0.key(shape == .gemini ? "nextPageToken" : "next_page_token")
                $0.element(last.id)
            default:
                $0.member("object", "list")
                $0.array("data") { list in
                    for model in models { list.object { write(model, into: &$0) } }
                }
                $0.member("has_more", hasMore)
                if let first = models.first { $0.member("first_id", first.id) } else { $0.null("first_id") }
                if let last = models.last { $0.member("last_id", last.id) } else { $0.null("last_id") }
            }
        }
        return json.bytes
    }

    private func write(_ model: ListedModel, into json: inout JSONWriter) {
        switch shape {
        case .anthropic: writeAnthropic(model, into: &json)
        case .gemini: writeGemini(model, into: &json)
        case .cohere: writeCohere(model, into: &json)
        default: writeOpenAI(model, into: &json)
        }
    }

    /// OpenAI's model object, with what it does not tell beside.
    private func writeOpenAI(_ model: ListedModel, into json: inout JSONWriter) {
        json.member("id", model.id)
        json.member("object", "model")
        json.member("created", model.created)
        json.member("owned_by", model.owner)
        if let context = model.context { json.member("context_window", context) }
        if let limit = model.maxOutput { json.member("max_output_tokens", limit) }
        json.array("capabilities") { list in
            for word in model.capabilities.words { list.element(word) }
        }
    }

    /// Anthropic's `ModelInfo`.
    private func writeAnthropic(_ model: ListedModel, into json: inout JSONWriter) {
        json.member("type", "model")
        json.member("id", model.id)
        json.member("display_name", model.id)
        json.member("created_at", Timestamp(microseconds: model.created * 1_000_000).description)
        json.member("lifecycle", model.retiresOn == nil ? "active" : "deprecated")
        if let day = model.retiresOn { json.member("retires_at", day.start.description) }
        if let context = model.context { json.member("max_input_tokens", context) }
        if let limit = model.maxOutput { json.member("max_tokens", limit) }
        let can = { (capability: Capabilities) in model.capabilities.contains(capability) }
        let (thinks, ways, refuses) = (can(.reasoning), model.traits.thinking, model.traits.refuses)
        json.object("capabilities") {
            $0.support("batch", false)
            $0.support("citations", can(.pdf))
            $0.support("code_execution", false)
            $0.support("context_management", false)
            $0.support("image_input", can(.vision))
            $0.support("pdf_input", can(.pdf))
            $0.support("structured_outputs", can(.jsonSchema))
            $0.object("effort") {
                let words = model.traits.efforts.map(\.rawValue)
                $0.member("supported", thinks && (ways.contains(.effort) || !words.isEmpty))
                for word: StaticString in ["low", "medium", "high", "xhigh", "max"] {
                    $0.support(word, thinks && words.contains(word.description))
                }
            }
            $0.object("server_tools") {
                $0.member("supported", can(.webSearch))
                $0.support("web_search", can(.webSearch))
                $0.support("code_execution", false)
            }
            $0.object("thinking") {
                $0.member("supported", thinks)
                $0.object("types") {
                    $0.support("adaptive", thinks && ways.contains(.effort))
                    $0.support("between_tools", false)
                    $0.support("disabled", !refuses.contains(.thoughtlessness))
                    // Sira makes a budget into what the model takes.
                    $0.support("enabled", thinks)
                }
            }
        }
    }

    /// Google's `Model`.
    private func writeGemini(_ model: ListedModel, into json: inout JSONWriter) {
        json.member("name", "models/\(model.id)")
        json.member("baseModelId", model.id)
        json.member("version", model.id)
        json.member("displayName", model.id)
        json.member("description", "\(model.id), answered by \(model.owner)")
        if let context = model.context { json.member("inputTokenLimit", context) }
        if let limit = model.maxOutput { json.member("outputTokenLimit", limit) }
        json.array("supportedGenerationMethods") { list in
            for (operation, names) in Operation.geminiMethods
            where (operation == .embedContent || operation == .batchEmbedContents) == (model.kind == .embedding)
                && (try? directory.plan(for: model.id, operation: operation)) != nil
            {
                for name in names { list.element(name) }
            }
        }
    }

    /// Cohere's `GetModelResponse`.
    private func writeCohere(_ model: ListedModel, into json: inout JSONWriter) {
        json.member("name", model.id)
        json.member("is_deprecated", model.retiresOn != nil)
        json.member("finetuned", false)
        json.array("endpoints") {
            switch model.kind {
            case .chat: $0.element("chat")
            case .embedding: $0.element("embed")
            case .rerank: $0.element("rerank")
            default: break
            }
        }
        if let context = model.context { json.member("context_length", context) }
        json.array("features") {
            if model.capabilities.contains(.tools) { $0.element("tools") }
            if model.capabilities.contains(.vision) { $0.element("vision") }
            if model.capabilities.contains(.jsonSchema) { $0.element("json_schema") }
            if model.capabilities.contains(.reasoning) { $0.element("reasoning") }
        }
    }
}

extension JSONWriter {
    /// Anthropic's word for whether a model can do something.
    fileprivate mutating func support(_ name: StaticString, _ isSupported: Bool) {
        object(name) { $0.member("supported", isSupported) }
    }
}

extension Operation {
    /// What Gemini's protocol can ask of a model, and in which words.
    fileprivate static let geminiMethods: [(Operation, [String])] = [
        (.generate, ["generateContent", "streamGenerateContent"]), (.geminiCountTokens, ["countTokens"]),
        (.embedContent, ["embedContent"]), (.batchEmbedContents, ["batchEmbedContents"]),
    ]
}
