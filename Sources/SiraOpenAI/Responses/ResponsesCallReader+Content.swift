internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ResponsesCallReader {
    /// Reads the content of a message, or what a tool has given: a string or a list of parts.
    mutating func readParts(_ content: JSONValue, _ path: String) throws(GatewayError) -> [Part] {
        if let text = content.string { return [Part(.text(text), path: path)] }
        guard content.kind == .array else {
            throw GatewayError(.invalidField, "This must be a string or a list of parts.", field: path)
        }
        var parts: [Part] = []
        for (index, part) in content.elements.enumerated() {
            let path = "\(path)[\(index)]"
            parts.append(Part(try readPart(part, path), path: path))
            parts[parts.count - 1].takeMark(of: part, at: path)
        }
        return parts
    }

    private mutating func readPart(_ part: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        let type = part["type"]?.string
        switch type {
        case "input_text", "output_text", "text":
            nameUnknown(part, path, ["text"])
            return .text(try string(part, "text", path))
        case "refusal":
            nameUnknown(part, path, ["refusal"])
            return .refusal(try string(part, "refusal", path))
        case "input_image":
            nameUnknown(part, path, ["image_url", "file_id", "detail"])
            return try readImage(part, path)
        case "input_file":
            nameUnknown(part, path, ["file_id", "file_data", "file_url", "filename"])
            return try readFile(part, path)
        case "input_audio":
            nameUnknown(part, path, ["input_audio"])
            let audio = part["input_audio"]
            return .audio(
                .base64(type: "audio/" + (audio?["format"]?.string ?? "wav"), data: audio?["data"]?.string ?? "")
            )
        default:
            throw GatewayError(
                type == nil ? .invalidField : .unsupportedFeature,
                type.map { "Parts of type \"\($0)\" cannot be sent to this model." }
                    ?? "Each part must say its \"type\".",
                field: path + ".type"
            )
        }
    }

    private mutating func nameUnknown(_ part: JSONValue, _ path: String, _ known: [StaticString]) {
        call.extras += part.members(
            beyond: known + ["type", "cache_control", "prompt_cache_breakpoint"],
            path: path
        )
    }

    private func string(_ part: JSONValue, _ key: StaticString, _ path: String) throws(GatewayError) -> String {
        guard let text = part[key]?.string else {
            throw GatewayError(.invalidField, "The part needs \"\(key)\", a string.", field: "\(path).\(key)")
        }
        return text
    }

    private func readImage(_ part: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        let said = part.present("detail")?.string
        let detail = said == "auto" ? nil : said
        if let url = (part.present("image_url")?["url"] ?? part.present("image_url"))?.string {
            return PartContent(image: try Media(url: url, field: path + ".image_url"), detail: detail)
        }
        guard let id = part.present("file_id")?.string else {
            throw GatewayError(.invalidField, "An image needs \"image_url\" or \"file_id\".", field: path)
        }
        return .image(.file(id: id), detail: detail)
    }

    private func readFile(_ part: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        let name = part.present("filename")?.string
        if let id = part.present("file_id")?.string {
            return .document(Document(source: .media(.file(id: id)), name: name))
        }
        if let url = part.present("file_url")?.string {
            return PartContent(try Media(url: url, field: path + ".file_url"), name: name)
        }
        guard let data = part.present("file_data")?.string else {
            throw GatewayError(
                .invalidField,
                "A file needs \"file_data\", \"file_url\" or \"file_id\".",
                field: path
            )
        }
        return try PartContent(file: data, name: name, field: path + ".file_data")
    }
}
