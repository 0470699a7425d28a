internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension CohereCallReader {
    mutating func readTools(_ tools: JSONValue) throws(GatewayError) {
        guard tools.kind == .array else {
            throw GatewayError(.invalidField, "\"tools\" must be a list.", field: "tools")
        }
        for (index, tool) in tools.elements.enumerated() {
            let path = "tools[\(index)]"
            if let type = tool["type"]?.string, type != "function" {
                call.tools.append(.native(.cohere, type: type, definition: tool.rawJSON, path: path))
                continue
            }
            call.extras += tool.members(beyond: ["type", "function"], path: "tools[]")
            guard let function = tool.present("function"), let name = function["name"]?.string, !name.isEmpty else {
                throw GatewayError(.invalidField, "A function needs a name.", field: path + ".function.name")
            }
            call.extras += function.members(beyond: ["name", "description", "parameters"], path: "tools[].function")
            let parameters = function.present("parameters")
            guard parameters == nil || parameters?.kind == .object else {
                throw GatewayError(
                    .invalidField,
                    "A function's parameters are a JSON Schema object.",
                    field: path + ".function.parameters"
                )
            }
            call.tools.append(
                .function(
                    FunctionTool(
                        name: name,
                        description: function.present("description")?.string,
                        parameters: parameters?.rawJSON
                    )
                )
            )
        }
    }

    mutating func readToolChoice(_ value: JSONValue) throws(GatewayError) {
        switch value.string?.uppercased() {
        case "REQUIRED": call.toolChoice = .required
        case "NONE": call.toolChoice = ToolChoice.none
        default:
            throw GatewayError(.invalidField, "\"tool_choice\" must be REQUIRED or NONE.", field: "tool_choice")
        }
    }

    // MARK: documents

    /// Reads the documents that stand beside the conversation, in front of what the user has said last.
    mutating func readDocuments(_ documents: JSONValue) throws(GatewayError) {
        guard documents.kind == .array else {
            throw GatewayError(.invalidField, "\"documents\" must be a list.", field: "documents")
        }
        var parts: [Part] = []
        for (index, document) in documents.elements.enumerated() {
            let path = "documents[\(index)]"
            var part = Part(.document(try readDocument(document, path)), path: path)
            part.paths = [
                .documentName: path + ".data.title", .documentContext: path + ".data.context",
                // They are cited unless the request says otherwise.
                .documentCitations: json.present("citation_options") == nil ? "documents" : "citation_options",
            ]
            parts.append(part)
        }
        guard !parts.isEmpty else { return }
        if let last = call.turns.lastIndex(where: \.isOfUser) {
            call.turns[last].parts = parts + call.turns[last].parts
        } else {
            call.turns.append(Turn(role: .user, parts: parts, path: "documents"))
        }
    }

    private mutating func readDocument(_ json: JSONValue, _ path: String) throws(GatewayError) -> Document {
        if let text = json.string { return Document(source: .text(text), name: nil) }
        guard let data = json.present("data") else {
            throw GatewayError(.invalidField, "A document is a string, or has its \"data\".", field: path + ".data")
        }
        call.extras += json.members(beyond: ["id", "data"], path: "documents[]")
        var document = Document(source: .text(data.string ?? data.rawJSON.description), name: nil)
        document.identifier = json.present("id")?.string
        guard data.kind == .object else { return document }
        document.name = data.present("title")?.string
        // What has more members than other protocols have places for is read as it is written.
        guard let text = (data.present("text") ?? data.present("snippet"))?.string,
            data.members(beyond: ["title", "text", "snippet", "context"], path: "").isEmpty,
            data.present("text") == nil || data.present("snippet") == nil
        else { return document }
        document.source = .text(text)
        document.context = data.present("context")?.string
        return document
    }
}

extension Turn {
    /// Whether the user speaks in it, rather than a tool.
    fileprivate var isOfUser: Bool {
        guard role == .user else { return false }
        return !parts.contains { if case .toolResult = $0.content { true } else { false } }
    }
}
