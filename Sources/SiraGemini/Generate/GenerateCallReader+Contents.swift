internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension GenerateCallReader {
    /// Reads the instruction: content of which only the texts count, or one text.
    mutating func readInstruction(_ value: JSONValue) throws(GatewayError) {
        let path = "systemInstruction"
        if let text = value.string {
            call.turns.append(Turn(role: .instructions, parts: [Part(.text(text), path: path)], path: path))
            return
        }
        try requireObject(value, path)
        let parts = try readParts(value["parts"], path)
        if !parts.isEmpty { call.turns.append(Turn(role: .instructions, parts: parts, path: path)) }
    }

    mutating func readContents(_ value: JSONValue) throws(GatewayError) {
        for (index, content) in value.listed.enumerated() {
            let path = "contents[\(index)]"
            try requireObject(content, path)
            let role: Turn.Role
            switch content.present("role")?.string {
            // Results of functions had a role of their own.
            case nil, "", "user", "function", "tool": role = .user
            case "model": role = .assistant
            case "system": role = .instructions
            default:
                throw GatewayError(.invalidField, "\"role\" must be user or model.", field: path + ".role")
            }
            call.extras += content.strangers(["role", "parts"], path: "contents[]")
            call.turns.append(Turn(role: role, parts: try readParts(content["parts"], path), path: path))
        }
        guard call.turns.contains(where: { $0.role != .instructions }) else {
            throw GatewayError(.invalidField, "\"contents\" must hold at least one turn.", field: "contents")
        }
    }

    private mutating func readParts(_ value: JSONValue?, _ path: String) throws(GatewayError) -> [Part] {
        guard let value, !value.isNull else { return [] }
        var parts: [Part] = []
        for (index, part) in value.listed.enumerated() {
            let path = "\(path).parts[\(index)]"
            try requireObject(part, path)
            if let content = try readPart(part, path) { parts.append(Self.part(content, of: part, path)) }
        }
        return parts
    }

    private static let partMembers: Set<String> = [
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
        "toolCall", "toolResponse", "thought", "thoughtSignature",
    ]

    private static func part(_ content: PartContent, of json: JSONValue, _ path: String) -> Part {
        var part = Part(content, path: path)
        if json.field("fileData", "file_data") != nil { part.paths[.documentName] = path + ".fileData.displayName" }
        return part
    }

    /// Reads a part; nil when it says nothing.
    private mutating func readPart(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent? {
        call.extras += json.strangers(Self.partMembers, path: path)
        let signature = json.field("thoughtSignature", "thought_signature")?.string
        if let function = json.field("functionCall", "function_call") {
            return .toolCall(try readCall(function, signature, path + ".functionCall"))
        }
        // The proof of a thought means something to Google alone.
        if signature != nil { call.extras.append(path + ".thoughtSignature") }
        if let text = json.present("text") {
            guard let text = text.string else {
                throw GatewayError(.invalidField, "\"text\" must be a string.", field: path + ".text")
            }
            if json["thought"]?.bool == true { return .thinking(Thought(text: text, signature: nil)) }
            return text.isEmpty && signature != nil ? nil : .text(text)
        }
        if let response = json.field("functionResponse", "function_response") {
            return .toolResult(try readResponse(response, path + ".functionResponse"))
        }
        if let content = try readMedia(json, path) { return content }
        let isNative = ["executableCode", "codeExecutionResult", "toolCall", "toolResponse"].contains { name in
            json.members.contains { $0.key.string?.camelCased == name }
        }
        if isNative { return .native(.gemini, json.rawJSON) }
        // A part may hold nothing but a proof.
        if signature != nil { return nil }
        throw GatewayError(.invalidField, "The part holds nothing that is known here.", field: path)
    }

    /// Reads a part's bytes, or where they are; nil when it has none.
    private func readMedia(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent? {
        if let blob = json.field("inlineData", "inline_data") {
            let type = blob.field("mimeType", "mime_type")?.string ?? ""
            guard let data = blob["data"]?.string, !type.isEmpty else {
                throw GatewayError(
                    .invalidField,
                    "\"inlineData\" needs \"mimeType\" and \"data\".",
                    field: path + ".inlineData"
                )
            }
            return FileType(type).part(.base64(type: type, data: data), name: blob.displayName)
        }
        guard let file = json.field("fileData", "file_data") else { return nil }
        guard let uri = file.field("fileUri", "file_uri")?.string, !uri.isEmpty else {
            throw GatewayError(.invalidField, "\"fileData\" needs \"fileUri\".", field: path + ".fileData.fileUri")
        }
        let type = file.field("mimeType", "mime_type")?.string
        let media: Media = FileAddress.isGooglesOwn(uri) ? .file(id: uri) : .url(uri)
        return (type.map { FileType($0) } ?? FileType(ofAddress: uri)).part(media, name: file.displayName)
    }

    // MARK: tools

    private mutating func readCall(
        _ json: JSONValue,
        _ signature: String?,
        _ path: String
    ) throws(GatewayError) -> ToolCall {
        guard let name = json["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "A call of a function needs its name.", field: path + ".name")
        }
        var id = json["id"]?.string ?? ""
        if id.isEmpty {
            id = "call_\(unnamedCalls)"
            unnamedCalls += 1
        }
        openCalls.append((id, name))
        let arguments = json.present("args")?.rawJSON.description ?? "{}"
        let isProof = signature.map { !Self.placeholders.contains($0) && !$0.isEmpty } ?? false
        return ToolCall(id: id, name: name, arguments: arguments, signature: isProof ? signature : nil)
    }

    /// What stands for the proof of a thought where there is none.
    /// https://ai.google.dev/gemini-api/docs/thought-signatures
    static let placeholders = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]

    private mutating func readResponse(_ json: JSONValue, _ path: String) throws(GatewayError) -> ToolResult {
        guard let name = json["name"]?.string, !name.isEmpty else {
            throw GatewayError(.invalidField, "A function's response needs its name.", field: path + ".name")
        }
        call.extras += json.strangers(["id", "name", "response", "parts"], path: "contents[].parts[].functionResponse")
        let given = json["id"]?.string ?? ""
        let found =
            openCalls.firstIndex { $0.id == given } ?? openCalls.firstIndex { $0.name == name }
        guard let found else {
            throw GatewayError(
                .invalidField,
                "No call of \"\(name)\" comes before this response, or each has one already.",
                field: path
            )
        }
        var result = ToolResult(callID: openCalls.remove(at: found).id, parts: [])
        result.name = name
        if let response = json.present("response") {
            let (text, isError) = Self.words(of: response)
            result.parts.append(Part(.text(text), path: path + ".response"))
            result.isError = isError
        }
        for (index, part) in (json.present("parts")?.listed ?? []).enumerated() {
            let path = "\(path).parts[\(index)]"
            if let content = try readMedia(part, path) {
                call.extras += part.strangers(["inlineData", "fileData"], path: path)
                result.parts.append(Self.part(content, of: part, path))
            } else if let text = part["text"]?.string {
                result.parts.append(Part(.text(text), path: path))
            } else {
                call.extras.append(path)
            }
        }
        return result
    }

    /// What a function's response says: its text where it is nothing else, else the object.
    ///
    /// Google's own names for the two are `output` and `error`.
    private static func words(of response: JSONValue) -> (text: String, isError: Bool) {
        let members = Array(response.members.prefix(2))
        guard members.count == 1 else { return (response.rawJSON.description, false) }
        let (key, value) = members[0]
        if key.isString("output") { return (value.string ?? value.rawJSON.description, false) }
        if key.isString("error") { return (value.string ?? value.rawJSON.description, true) }
        return (response.rawJSON.description, false)
    }
}

extension JSONValue {
    fileprivate var displayName: String? { field("displayName", "display_name")?.string }
}
