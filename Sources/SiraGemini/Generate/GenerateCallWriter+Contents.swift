internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension GenerateCallWriter {
    /// Writes the instructions of all turns: Google has one place for them.
    mutating func writeInstructions(into json: inout JSONWriter) {
        let parts = call.turns.filter { $0.role == .instructions }.flatMap(\.parts)
        var texts: [String] = []
        for part in parts {
            nameMark(of: part)
            switch part.content {
            case .text(let text), .refusal(let text): if !text.isEmpty { texts.append(text) }
            default: refuse(.unsupportedFeature, "Instructions are text for this model.", field: part.path)
            }
        }
        guard !texts.isEmpty else { return }
        json.object("systemInstruction") {
            $0.array("parts") {
                for text in texts { $0.object { $0.member("text", text) } }
            }
        }
    }

    /// Writes the turns.
    ///
    /// Results of tools that follow one another are one turn, as Google wants them for calls that
    /// stood together.
    mutating func writeContents(into json: inout JSONWriter) {
        for turn in call.turns where turn.name != nil { dropped.append(turn.path + ".name") }
        var results: [Part] = []
        json.array("contents") {
            for turn in call.turns where turn.role != .instructions {
                let own = turn.role == .user ? turn.parts.filter(\.isToolResult) : []
                results += own
                let rest = own.isEmpty ? turn.parts : turn.parts.filter { !$0.isToolResult }
                guard !rest.isEmpty else { continue }
                writeContent("user", results, into: &$0)
                results = []
                writeContent(turn.role == .assistant ? "model" : "user", rest, into: &$0)
            }
            writeContent("user", results, into: &$0)
        }
    }

    private mutating func writeContent(_ role: String, _ parts: [Part], into json: inout JSONWriter) {
        guard !parts.isEmpty else { return }
        for part in parts { nameMark(of: part) }
        let isSigned = parts.contains { $0.toolCall?.signature.flatMap(ProofMaker.gemini.own) != nil }
        let proofs = parts.filter { $0.proofOfText != nil }
        dropped += proofs.dropLast().map(\.path)
        let proof = proofs.last?.proofOfText
        var needsSignature = !isSigned && model.isThirdGeneration
        let kept = parts.filter { keeps($0) }
        guard !kept.isEmpty || proof != nil else { return }
        let signed = proof == nil ? nil : kept.lastIndex { $0.text != nil }
        json.object {
            $0.member("role", role)
            $0.array("parts") {
                for (index, part) in kept.enumerated() {
                    if index == signed, let proof {
                        Self.write(part.text ?? "", provedBy: proof, into: &$0)
                        continue
                    }
                    writePart(part, needsSignature: needsSignature, into: &$0)
                    if part.toolCall != nil { needsSignature = false }
                }
                if signed == nil, let proof { Self.write("", provedBy: proof, into: &$0) }
            }
        }
    }

    private static func write(_ text: String, provedBy proof: String, into json: inout JSONWriter) {
        json.object {
            $0.member("text", text)
            $0.member("thoughtSignature", proof)
        }
    }

    /// Whether there is a place for the part; what has none is named.
    private mutating func keeps(_ part: Part) -> Bool {
        switch part.content {
        case .text(let text), .refusal(let text):
            // Google refuses empty text, which says nothing.
            return !text.isEmpty
        case .thinking, .redactedThinking:
            // Google takes back its own proofs, which stand with what was said, and no thoughts.
            if part.proofOfText == nil { dropped.append(part.path) }
            return false
        case .native(let dialect, _) where dialect != .gemini:
            dropped.append(part.path)
            return false
        default: return true
        }
    }

    private mutating func nameMark(of part: Part) {
        if part.cacheMark != nil { dropped.append(call.path(of: .cacheMark, in: part)) }
        if case .toolResult(let result) = part.content {
            for piece in result.parts { nameMark(of: piece) }
        }
    }

    // MARK: parts

    private mutating func writePart(_ part: Part, needsSignature: Bool, into json: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            json.object { $0.member("text", text) }
        case .image(let media, let detail):
            if let detail, detail != "auto" { dropped.append(call.path(of: .imageDetail, in: part)) }
            writeMedia(media, nil, fallback: "image/jpeg", part.path, into: &json)
        case .audio(let media):
            writeMedia(media, nil, fallback: "audio/wav", part.path, into: &json)
        case .document(let document):
            writeDocument(document, part, into: &json)
        case .toolCall(let tool):
            writeCall(tool, part, needsSignature: needsSignature, into: &json)
        case .toolResult(let result):
            writeResult(result, part.path, into: &json)
        case .native(_, let block):
            json.element(block)
        case .thinking, .redactedThinking:
            break  // named and left out before
        }
    }

    private mutating func writeDocument(_ document: Document, _ part: Part, into json: inout JSONWriter) {
        if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
        switch document.source {
        case .text(let text):
            json.object { $0.member("text", Self.text(of: document, text)) }
        case .media(let media):
            if document.name != nil { dropped.append(call.path(of: .documentName, in: part)) }
            if document.context != nil { dropped.append(call.path(of: .documentContext, in: part)) }
            writeMedia(media, document.type, fallback: nil, part.path, into: &json)
        }
    }

    /// A document that is text, with what is said of it in front.
    private static func text(of document: Document, _ text: String) -> String {
        let head = [document.name, document.context].compactMap(\.self).joined(separator: "\n")
        return head.isEmpty ? text : "\(head):\n\(text)"
    }

    /// - Parameters:
    ///   - said: the media type, where the client says it.
    ///   - fallback: the media type for an address that does not tell, where one must be named; nil when any could be
    ///     wrong.
    private mutating func writeMedia(
        _ media: Media,
        _ said: String?,
        fallback: String?,
        _ path: String,
        into json: inout JSONWriter
    ) {
        switch media {
        case .base64(let type, let data):
            json.object {
                $0.object("inlineData") {
                    $0.member("mimeType", FileType(type).name)
                    $0.member("data", data)
                }
            }
        case .url(let address) where FileAddress.isReadable(address),
            .file(let address) where FileAddress.isGooglesOwn(address):
            let type = said ?? FileType(ofAddress: address).name
            let isOnVertex = target.quirks.hosting == .vertex
            let named = type.isEmpty && isOnVertex ? fallback ?? "" : type
            if named.isEmpty, isOnVertex {
                refuse(
                    .unsupportedFeature,
                    "This model must be told the type of the file, which is not known.",
                    field: path
                )
            }
            json.object {
                $0.object("fileData") {
                    // Google finds the type of its own files itself; Vertex wants it said.
                    if !named.isEmpty { $0.member("mimeType", named) }
                    $0.member("fileUri", address)
                }
            }
        case .url:
            refuse(.unsupportedFeature, "This model reads addresses of https, http and gs only.", field: path)
            json.null()
        case .file:
            refuse(
                .unsupportedFeature,
                "A file's id means nothing to another provider; send the file's data.",
                field: path
            )
            json.null()
        }
    }

    // MARK: tools

    private mutating func writeCall(
        _ tool: ToolCall,
        _ part: Part,
        needsSignature: Bool,
        into json: inout JSONWriter
    ) {
        functions[tool.id] = tool.name
        let arguments = arguments(of: tool, part)
        let own = tool.signature.flatMap(ProofMaker.gemini.own)
        if tool.signature?.isEmpty == false, own == nil {
            dropped.append(call.path(of: .callSignature, in: part))
        }
        json.object {
            $0.object("functionCall") {
                if !tool.id.isEmpty { $0.member("id", tool.id) }
                $0.member("name", tool.name)
                $0.member("args", arguments)
            }
            // A conversation that another model began has no proofs.
            if let signature = own ?? (needsSignature ? GenerateCallReader.placeholders.first : nil) {
                $0.member("thoughtSignature", signature)
            }
        }
    }

    /// A call's arguments as the object that they must be.
    ///
    /// What a model wrote wrongly goes back to it under a name that says so, and is named.
    private mutating func arguments(of tool: ToolCall, _ part: Part) -> RawJSON {
        let text = Array(tool.arguments.utf8)
        guard !text.isEmpty else { return RawJSON("{}") }
        let isObject = try? indexer.read(text) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: text) }
        dropped.append(call.path(of: .callArguments, in: part))
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", tool.arguments) }
        return RawJSON(bytes: json.bytes)
    }

    /// Writes a result, and what of it is no text: inside it where the model takes that there, else behind it.
    private mutating func writeResult(_ result: ToolResult, _ path: String, into json: inout JSONWriter) {
        guard let name = functions[result.callID] ?? result.name else {
            return refuse(
                .invalidField,
                "This result answers no call of a tool that comes before it.",
                field: path
            )
        }
        var texts: [String] = []
        var (inside, behind): ([Part], [Part]) = ([], [])
        for part in result.parts {
            if let text = words(of: part) {
                texts.append(text)
            } else if part.isMedia {
                if isTakenInResults(part) { inside.append(part) } else { behind.append(part) }
            } else {
                dropped.append(part.path)
            }
        }
        let response = response(texts.joined(separator: "\n"), isError: result.isError)
        json.object {
            $0.object("functionResponse") {
                if !result.callID.isEmpty { $0.member("id", result.callID) }
                $0.member("name", name)
                $0.member("response", response)
                guard !inside.isEmpty else { return }
                $0.array("parts") {
                    for part in inside { writePart(part, needsSignature: false, into: &$0) }
                }
            }
        }
        for part in behind { writePart(part, needsSignature: false, into: &json) }
    }

    /// A part of a result as text, where it is nothing else.
    private mutating func words(of part: Part) -> String? {
        switch part.content {
        case .text(let text), .refusal(let text): return text
        case .document(let document):
            guard case .text(let text) = document.source else { return nil }
            if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
            return Self.text(of: document, text)
        default: return nil
        }
    }

    private static let resultTypes: Set<String> = [
        "image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain",
    ]

    /// Whether the model takes bytes of this kind inside a result: bytes themselves, and on Vertex where they are
    /// (https://ai.google.dev/gemini-api/docs/function-calling#multimodal).
    private func isTakenInResults(_ part: Part) -> Bool {
        guard model.isThirdGeneration else { return false }
        let media: Media
        switch part.content {
        case .image(let image, _): media = image
        case .document(let document):
            guard case .media(let file) = document.source else { return false }
            media = file
        default: return false
        }
        switch media {
        case .base64(let type, _): return Self.resultTypes.contains(FileType(type).name)
        case .url, .file: return target.quirks.hosting == .vertex
        }
    }

    /// A result as the object that it must be: its own where it is one, else under Google's names.
    private func response(_ text: String, isError: Bool) -> RawJSON {
        let bytes = Array(text.utf8)
        let kind = try? indexer.read(bytes) { $0.kind }
        if kind == .object, !isError { return RawJSON(bytes: bytes) }
        var json = JSONWriter(capacity: bytes.count + 16)
        json.object {
            $0.key(isError ? "error" : "output")
            if kind == .array || kind == .object { $0.element(RawJSON(bytes: bytes)) } else { $0.element(text) }
        }
        return RawJSON(bytes: json.bytes)
    }
}

extension Part {
    fileprivate var isToolResult: Bool {
        if case .toolResult = content { true } else { false }
    }

    fileprivate var isMedia: Bool {
        switch content {
        case .image, .audio, .document: true
        default: false
        }
    }

    /// Google's proof of a thought that led to words and not to a call.
    fileprivate var proofOfText: String? {
        guard case .thinking(let thought) = content, thought.text.isEmpty, let proof = thought.signature,
            ProofMaker(of: proof) == .gemini
        else { return nil }
        return ProofMaker.gemini.own(proof)
    }

    /// The text that the part is; nil when it is something else.
    fileprivate var text: String? {
        switch content {
        case .text(let text), .refusal(let text): text
        default: nil
        }
    }

    fileprivate var toolCall: ToolCall? {
        if case .toolCall(let call) = content { call } else { nil }
    }
}
