internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ConverseCallWriter {
    /// Writes a part as a block, and its cache mark as another.
    mutating func writeBlock(_ part: Part, into json: inout JSONWriter) {
        var mark = part.cacheMark
        var markPath = call.path(of: .cacheMark, in: part)
        switch part.content {
        case .native(_, let block):
            json.element(block)
        case .toolResult(let result):
            json.object { writeResult(result, part.path, into: &$0) }
            // A result is cached as a whole.
            if mark == nil, let piece = result.parts.last(where: { $0.cacheMark != nil }) {
                mark = piece.cacheMark
                markPath = call.path(of: .cacheMark, in: piece)
            }
        default:
            json.object { writeMember(of: part, into: &$0) }
        }
        writeMark(mark, markPath, into: &json)
    }

    private mutating func writeMember(of part: Part, into json: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            json.member("text", text)
        case .image(let media, let detail):
            if let detail, detail != "auto" { dropped.append(call.path(of: .imageDetail, in: part)) }
            writeImage(media, part.path, into: &json)
        case .audio(let media):
            writeMedia("audio", media, MediaFormat.audio, part.path, into: &json)
        case .document(let document):
            writeDocument(document, part, into: &json)
        case .toolCall(let tool):
            if tool.signature != nil { dropped.append(call.path(of: .callSignature, in: part)) }
            json.object("toolUse") {
                $0.member("toolUseId", ToolUseIdentifier.accepted(tool.id))
                $0.member("name", tool.name)
                $0.member("input", input(of: tool, part))
            }
        case .thinking(let thought):
            json.object("reasoningContent") {
                $0.object("reasoningText") {
                    $0.member("text", thought.text)
                    if let signature = thought.signature { $0.member("signature", signature) }
                }
            }
        case .redactedThinking(let data):
            json.object("reasoningContent") { $0.member("redactedContent", RedactedThought.blob(of: data)) }
        case .toolResult, .native:
            break  // written as blocks
        }
    }

    private mutating func writeResult(_ result: ToolResult, _ path: String, into json: inout JSONWriter) {
        json.object("toolResult") {
            $0.member("toolUseId", ToolUseIdentifier.accepted(result.callID))
            $0.array("content") {
                for part in result.parts where part.saysSomething {
                    switch part.content {
                    case .text, .refusal, .image, .document:
                        $0.object { writeMember(of: part, into: &$0) }
                    case .native(.bedrock, let block):
                        $0.element(block)
                    default:
                        refuse(.unsupportedFeature, "A tool's result cannot hold such a part here.", field: part.path)
                    }
                }
            }
            if result.isError { $0.member("status", "error") }
        }
    }

    // MARK: media

    private mutating func writeImage(_ media: Media, _ path: String, into json: inout JSONWriter) {
        writeMedia("image", media, MediaFormat.image, path, into: &json)
    }

    private mutating func writeMedia(
        _ kind: StaticString,
        _ media: Media,
        _ format: (String) -> String?,
        _ path: String,
        into json: inout JSONWriter
    ) {
        guard let word = format(MediaFormat.type(of: media)) else {
            let type = MediaFormat.type(of: media)
            return refuse(.unsupportedFeature, "This model takes no \(kind) of type \(type).", field: path)
        }
        json.object(kind) {
            $0.member("format", word)
            writeSource(media, path, into: &$0)
        }
    }

    private mutating func writeSource(_ media: Media, _ path: String, into json: inout JSONWriter) {
        json.object("source") {
            switch media {
            case .base64(_, let data):
                $0.member("bytes", data)
            case .url(let url) where url.hasPrefix("s3://"):
                $0.object("s3Location") { $0.member("uri", url) }
            case .url:
                refuse(
                    .unsupportedFeature,
                    "This model is given bytes, not addresses: send the data in base64, as a data: URL.",
                    field: path
                )
            case .file:
                refuse(
                    .unsupportedFeature,
                    "A file's id means nothing to another provider; send the file's data.",
                    field: path
                )
            }
        }
    }

    private mutating func writeDocument(_ document: Document, _ part: Part, into json: inout JSONWriter) {
        var media = Media.base64(type: "text/plain", data: "")
        switch document.source {
        case .text(let text): media = .base64(type: "text/plain", data: Base64.encoded(Array(text.utf8)))
        case .media(let source): media = source
        }
        let type = document.type?.lowercased() ?? MediaFormat.type(of: media, name: document.name)
        if FileType(type).isVideo { return writeVideo(document, media, type, part, into: &json) }
        guard let format = MediaFormat.document(type) else {
            return refuse(.unsupportedFeature, "This model reads no documents of type \(type).", field: part.path)
        }
        json.object("document") {
            $0.member("format", format)
            $0.member("name", DocumentName.accepted(document.name, taken: &documentNames))
            writeSource(media, part.path, into: &$0)
            if let context = document.context { $0.member("context", context) }
            if document.isCited { $0.object("citations") { $0.member("enabled", true) } }
        }
    }

    /// Writes a video, which Amazon's models see.
    private mutating func writeVideo(
        _ document: Document,
        _ media: Media,
        _ type: String,
        _ part: Part,
        into json: inout JSONWriter
    ) {
        guard family == .nova || family == .unknown, let format = MediaFormat.video(type) else {
            return refuse(.unsupportedFeature, "This model takes no video of type \(type).", field: part.path)
        }
        if document.name != nil { dropped.append(call.path(of: .documentName, in: part)) }
        if document.context != nil { dropped.append(call.path(of: .documentContext, in: part)) }
        if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
        json.object("video") {
            $0.member("format", format)
            writeSource(media, part.path, into: &$0)
        }
    }

    /// A call's arguments as the object that they must be.
    ///
    /// What a model wrote wrongly goes back to it under a name that says so, and is named.
    private mutating func input(of tool: ToolCall, _ part: Part) -> RawJSON {
        let text = Array(tool.arguments.utf8)
        guard !text.isEmpty else { return RawJSON("{}") }
        let isObject = try? indexer.read(text) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: text) }
        dropped.append(call.path(of: .callArguments, in: part))
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", tool.arguments) }
        return RawJSON(bytes: json.bytes)
    }
}

extension Part {
    fileprivate var saysSomething: Bool {
        if case .text(let text) = content { !text.isEmpty } else { true }
    }
}
