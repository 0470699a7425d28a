internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ConverseCallReader {
    /// Reads a list of content blocks; a cache point is a mark on the block before it.
    mutating func readBlocks(_ content: JSONValue, path: String) throws(GatewayError) -> [Part] {
        guard content.kind == .array else {
            throw GatewayError(.invalidField, "\"\(path)\" must be a list of blocks.", field: path)
        }
        var parts: [Part] = []
        for (index, block) in content.elements.enumerated() {
            let blockPath = "\(path)[\(index)]"
            if let point = block.present("cachePoint") {
                guard let last = parts.indices.last else {
                    call.extras.append(blockPath + ".cachePoint")
                    continue
                }
                parts[last].cacheMark = Self.mark(point)
                parts[last].paths[.cacheMark] = blockPath + ".cachePoint"
                continue
            }
            parts.append(try readPart(block, blockPath))
        }
        return parts
    }

    private mutating func readPart(_ block: JSONValue, _ path: String) throws(GatewayError) -> Part {
        var part = Part(try readBlock(block, path), path: path)
        if block.present("searchResult") != nil {
            part.paths = [
                .documentName: path + ".searchResult.title", .documentContext: path + ".searchResult.source",
                .documentCitations: path + ".searchResult.citations",
            ]
        }
        return part
    }

    static func mark(_ point: JSONValue) -> CacheMark {
        point["ttl"]?.isString("1h") == true ? .long : .short
    }

    private mutating func readBlock(_ block: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        guard let (key, value) = block.members.first(where: { !$0.value.isNull }) else {
            throw GatewayError(.invalidField, "The block is empty.", field: path)
        }
        switch key.string {
        case "text":
            return .text(try Self.string(block, "text", path))
        case "image":
            return try readImage(value, path + ".image")
        case "audio":
            return .audio(try Self.media(value, path + ".audio") { "audio/" + $0 })
        case "document":
            return try readDocument(value, path + ".document")
        case "video":
            var video = Document(
                source: .media(try Self.media(value, path + ".video") { MediaFormat.type(ofVideo: $0) }),
                name: nil
            )
            video.type = value["format"]?.string.map { MediaFormat.type(ofVideo: $0) }
            return .document(video)
        case "searchResult":
            return try readSearchResult(value, path + ".searchResult")
        case "guardContent":
            // What it holds is said all the same; that a guardrail looks at it is Bedrock's alone.
            call.extras.append(path + ".guardContent")
            if let image = value.present("image") { return try readImage(image, path + ".guardContent.image") }
            return .text(try Self.string(value["text"] ?? value, "text", path + ".guardContent.text"))
        case "toolUse" where !ConverseBlocks.isRunByProvider(value):
            let arguments = value.present("input")?.rawJSON.description ?? "{}"
            return .toolCall(
                ToolCall(
                    id: try Self.string(value, "toolUseId", path + ".toolUse"),
                    name: try Self.string(value, "name", path + ".toolUse"),
                    arguments: arguments
                )
            )
        case "toolResult" where value["type"] == nil:
            return try readResult(value, path + ".toolResult")
        case "reasoningContent":
            return try readReasoning(value, path + ".reasoningContent")
        case "citationsContent":
            // What was cited is said again without its sources, which other protocols take nothing of.
            if value["citations"]?.asksForNothing == false { call.extras.append(path + ".citationsContent.citations") }
            let texts = (value["content"]?.elements ?? value.elements).compactMap { $0["text"]?.string }
            return .text(texts.joined())
        default:
            return .native(.bedrock, block.rawJSON)
        }
    }

    private func readImage(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        .image(try Self.media(json, path) { "image/" + $0 }, detail: nil)
    }

    /// Reads what a client's own search has found: a document of that title, whose source is said beside it.
    private mutating func readSearchResult(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        call.extras += json.members(beyond: ["source", "title", "content", "citations"], path: path)
        guard let content = json.present("content") else {
            throw GatewayError(.invalidField, "A search result needs \"content\".", field: path + ".content")
        }
        let texts = content.elements.compactMap { $0["text"]?.string }
        var document = Document(source: .text(texts.joined(separator: "\n\n")), name: json["title"]?.string)
        document.context = json["source"]?.string
        document.isCited = json["citations"]?["enabled"]?.bool == true
        return .document(document)
    }

    private mutating func readDocument(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        let source = json.present("source")
        let name = json["name"]?.string
        var document: Document
        if let text = source?.present("text")?.string {
            document = Document(source: .text(text), name: name)
        } else if let pieces = source?.present("content") {
            let texts = pieces.elements.compactMap { $0["text"]?.string }
            document = Document(source: .text(texts.joined(separator: "\n")), name: name)
        } else {
            let media = try Self.media(json, path) { MediaFormat.type(ofDocument: $0) }
            document = Document(source: .media(media), name: name)
            document.type = json["format"]?.string.map { MediaFormat.type(ofDocument: $0) }
        }
        document.context = json.present("context")?.string
        document.isCited = json["citations"]?["enabled"]?.bool == true
        return .document(document)
    }

    private mutating func readResult(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        call.extras += json.members(beyond: ["toolUseId", "content", "status", "type"], path: path)
        var parts: [Part] = []
        for (index, block) in (json["content"]?.elements ?? json.elements).enumerated() {
            let blockPath = "\(path).content[\(index)]"
            if let value = block.present("json") {
                parts.append(Part(.text(value.rawJSON.description), path: blockPath))
            } else {
                parts.append(try readPart(block, blockPath))
            }
        }
        return .toolResult(
            ToolResult(
                callID: try Self.string(json, "toolUseId", path),
                parts: parts,
                isError: json["status"]?.isString("error") == true
            )
        )
    }

    private func readReasoning(_ json: JSONValue, _ path: String) throws(GatewayError) -> PartContent {
        if let blob = json.present("redactedContent")?.string {
            return .redactedThinking(RedactedThought.data(of: blob))
        }
        guard let text = json.present("reasoningText") else {
            throw GatewayError(.invalidField, "Reasoning needs \"reasoningText\" or \"redactedContent\".", field: path)
        }
        return .thinking(Thought(text: text["text"]?.string ?? "", signature: text.present("signature")?.string))
    }

    private static func media(
        _ json: JSONValue,
        _ path: String,
        _ type: (String) -> String
    ) throws(GatewayError) -> Media {
        let format = try string(json, "format", path)
        guard let source = json.present("source") else {
            throw GatewayError(.invalidField, "The block needs \"source\".", field: path + ".source")
        }
        if let uri = source.present("s3Location")?["uri"]?.string { return .url(uri) }
        return .base64(type: type(format), data: try string(source, "bytes", path + ".source"))
    }

    static func string(_ json: JSONValue, _ key: StaticString, _ path: String) throws(GatewayError) -> String {
        guard let text = json[key]?.string else {
            throw GatewayError(.invalidField, "The block needs \"\(key)\", a string.", field: "\(path).\(key)")
        }
        return text
    }
}
