internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ChatCallReader {
    /// Reads a message's `content`, a string or a list of parts.
    ///
    /// A cache mark on the message is its last part's.
    mutating func readContent(
        _ message: JSONValue,
        _ path: String,
        isRequired: Bool
    ) throws(GatewayError) -> [Part] {
        var parts: [Part] = []
        let messagePath = path
        let path = path + ".content"
        guard let content = message.present("content") else {
            guard !isRequired else {
                throw GatewayError(.invalidField, "The message needs \"content\".", field: path)
            }
            return []
        }
        switch content.kind {
        case .string:
            parts = [Part(.text(content.string ?? ""), path: path)]
        case .array:
            for (index, part) in content.elements.enumerated() {
                let partPath = "\(path)[\(index)]"
                parts.append(Part(try readPart(part, partPath), path: partPath))
                parts[parts.count - 1].takeMark(of: part, at: partPath)
            }
        default:
            throw GatewayError(
                .invalidField,
                "\"content\" must be a string or a list of parts.",
                field: path
            )
        }
        if let last = parts.indices.last { parts[last].takeMark(of: message, at: messagePath) }
        return parts
    }

    private mutating func readPart(_ part: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        call.extras += part.members(beyond: Self.partMembers, path: "messages[].content[]")
        if let text = part.string { return .text(text) }
        switch part["type"]?.string {
        case "text":
            return .text(try string(part, "text", path))
        case "refusal":
            return .refusal(try string(part, "refusal", path))
        case "image_url":
            let image = part["image_url"]
            call.extras += image?.members(beyond: ["url", "detail"], path: "messages[].content[].image_url") ?? []
            guard let url = image?.string ?? image?["url"]?.string else {
                throw GatewayError(.invalidField, "An image needs a url.", field: path + ".image_url.url")
            }
            return PartContent(
                image: try Media(url: url, field: path + ".image_url.url"),
                detail: image?.present("detail")?.string
            )
        case "input_audio":
            let audio = part["input_audio"]
            call.extras += audio?.members(beyond: ["data", "format"], path: "messages[].content[].input_audio") ?? []
            return .audio(
                .base64(type: "audio/" + (audio?["format"]?.string ?? "wav"), data: audio?["data"]?.string ?? "")
            )
        case "file":
            let file = part["file"]
            call.extras +=
                file?.members(beyond: ["filename", "file_id", "file_data"], path: "messages[].content[].file") ?? []
            return try readFile(file, path + ".file")
        case let type:
            if let thought = Self.thought(part) { return thought }
            throw GatewayError(
                type == nil ? .invalidField : .unsupportedFeature,
                type.map { "Parts of type \"\($0)\" cannot be sent to this model." }
                    ?? "Each part must say its \"type\".",
                field: path + ".type"
            )
        }
    }

    private static let partMembers: [StaticString] = [
        "type", "text", "refusal", "image_url", "input_audio", "file", "thinking", "signature", "data",
        "cache_control", "prompt_cache_breakpoint",
    ]

    private func string(_ part: JSONValue, _ key: StaticString, _ path: String) throws(GatewayError) -> String {
        guard let text = part[key]?.string else {
            throw GatewayError(.invalidField, "The part needs \"\(key)\", a string.", field: "\(path).\(key)")
        }
        return text
    }

    private func readFile(_ file: JSONValue?, _ path: String) throws(GatewayError) -> PartContent {
        let name = file?["filename"]?.string
        if let id = file?["file_id"]?.string {
            return .document(Document(source: .media(.file(id: id)), name: name))
        }
        guard let data = file?["file_data"]?.string else {
            throw GatewayError(.invalidField, "A file needs \"file_data\" or \"file_id\".", field: path)
        }
        return try PartContent(file: data, name: name, field: path + ".file_data")
    }
}
