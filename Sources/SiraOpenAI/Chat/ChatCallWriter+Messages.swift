internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ChatCallWriter {
    mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        nameMarks(of: turn.parts)
        switch turn.role {
        case .instructions: writeSpoken(turn.parts, "system", turn.name, into: &json)
        case .assistant: writeAssistant(turn.parts, turn.name, into: &json)
        case .user: writeUser(turn.parts, turn.name, into: &json)
        }
    }

    /// Names the cache marks, which chat completions have no place for.
    private mutating func nameMarks(of parts: [Part]) {
        for part in parts {
            if part.cacheMark != nil { dropped.append(call.path(of: .cacheMark, in: part)) }
            if case .toolResult(let result) = part.content { nameMarks(of: result.parts) }
        }
    }

    /// Names what is said about a document and has no place beside its bytes or text.
    private mutating func nameUnsaid(of part: Part) {
        guard case .document(let document) = part.content else { return }
        if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
        if document.context != nil, case .media = document.source {
            dropped.append(call.path(of: .documentContext, in: part))
        }
    }

    /// Writes the results of tools, each a message, and then what else the user says.
    ///
    /// Results are text only: images and files in them are what the user says next.
    private mutating func writeUser(_ parts: [Part], _ name: String?, into json: inout JSONWriter) {
        var rest: [Part] = []
        for part in parts {
            guard case .toolResult(let result) = part.content else {
                rest.append(part)
                continue
            }
            if result.isError { dropped.append(call.path(of: .resultError, in: part)) }
            var texts: [String] = []
            for piece in result.parts {
                if case .text(let text) = piece.content { texts.append(text) } else { rest.append(piece) }
            }
            json.object {
                $0.member("role", "tool")
                $0.member("tool_call_id", callID(result.callID))
                $0.member("content", texts.joined(separator: "\n"))
            }
        }
        // A message of nothing is refused.
        let unsayable = rest.filter(\.isUnsayableByUsers)
        dropped += unsayable.map(\.path)
        rest.removeAll(where: \.isUnsayableByUsers)
        for part in rest { nameUnsaid(of: part) }
        if !rest.isEmpty { writeSpoken(rest, "user", name, into: &json) }
    }

    private mutating func writeSpoken(
        _ parts: [Part],
        _ role: String,
        _ name: String?,
        into json: inout JSONWriter
    ) {
        json.object {
            $0.member("role", role)
            if let name { $0.member("name", name) }
            $0.key("content")
            writeContent(parts, into: &$0)
        }
    }

    private mutating func writeAssistant(_ parts: [Part], _ name: String?, into json: inout JSONWriter) {
        var (spoken, calls, thoughts): ([Part], [ToolCall], [Part]) = ([], [], [])
        // Gemini signs what it says without a call as well.
        var proof: (text: String, path: String)?
        for part in parts {
            switch part.content {
            case .toolCall(var call):
                let own = takesSignatures ? call.signature.flatMap(ProofMaker.gemini.own) : nil
                if call.signature != nil, own == nil {
                    dropped.append(self.call.path(of: .callSignature, in: part))
                }
                call.signature = own
                calls.append(call)
            case .thinking(let thought):
                guard thought.text.isEmpty, takesSignatures, let own = thought.signature?.geminis else {
                    thoughts.append(part)
                    continue
                }
                if let proof { dropped.append(proof.path) }
                proof = (own, part.path)
            case .redactedThinking, .native: dropped.append(part.path)
            default: spoken.append(part)
            }
        }
        guard !(spoken.isEmpty && calls.isEmpty) else {
            dropped += thoughts.map(\.path) + [proof?.path].compactMap(\.self)
            return
        }
        json.object {
            $0.member("role", "assistant")
            if let name { $0.member("name", name) }
            writeThoughts(thoughts, hasCalls: !calls.isEmpty, into: &$0)
            if spoken.isEmpty {
                $0.null("content")
            } else {
                $0.key("content")
                writeContent(spoken, into: &$0)
            }
            if let proof { Self.writeSignature(proof.text, into: &$0) }
            guard !calls.isEmpty else { return }
            $0.array("tool_calls") {
                for call in calls { writeCall(call, into: &$0) }
            }
        }
    }

    /// Writes what the assistant thought, for providers that take it back.
    ///
    /// Their thoughts have no proofs. Some refuse calls of tools without the thought before them; where the client has
    /// none, as after another model's turn, a blank one keeps the conversation going.
    private mutating func writeThoughts(_ parts: [Part], hasCalls: Bool, into json: inout JSONWriter) {
        guard let field = quirks.thoughtsField else {
            dropped += parts.map(\.path)
            return
        }
        var texts: [String] = []
        for part in parts {
            guard case .thinking(let thought) = part.content else { continue }
            if thought.text.isEmpty {
                dropped.append(part.path)
            } else {
                texts.append(thought.text)
                if thought.signature?.isEmpty == false {
                    dropped.append(call.path(of: .thoughtSignature, in: part))
                }
            }
        }
        let text = texts.isEmpty && hasCalls && missesThoughts ? " " : texts.joined(separator: "\n\n")
        guard !text.isEmpty else { return }
        switch field {
        case .reasoningContent: json.member("reasoning_content", text)
        case .reasoning: json.member("reasoning", text)
        }
    }

    private func writeCall(_ call: ToolCall, into json: inout JSONWriter) {
        json.object {
            $0.member("id", callID(call.id))
            $0.member("type", "function")
            $0.object("function") {
                $0.member("name", call.name)
                $0.member("arguments", call.arguments)
            }
            if let signature = call.signature { Self.writeSignature(signature, into: &$0) }
        }
    }

    /// Writes the proof of a thought where Google's chat completions have it.
    private static func writeSignature(_ signature: String, into json: inout JSONWriter) {
        json.object("extra_content") {
            $0.object("google") { $0.member("thought_signature", signature) }
        }
    }

    /// Writes a string where it is one text, or where the provider takes nothing else; else a list of parts.
    private mutating func writeContent(_ parts: [Part], into json: inout JSONWriter) {
        let texts = parts.compactMap(\.words)
        if texts.count == parts.count, parts.count == 1 || quirks.flattensContent {
            json.element(texts.joined(separator: "\n\n"))
            return
        }
        json.array {
            for part in parts { writePart(part, into: &$0) }
        }
    }

    private mutating func writePart(_ part: Part, into json: inout JSONWriter) {
        if let words = part.words {
            json.object {
                $0.member("type", "text")
                $0.member("text", words)
            }
            return
        }
        switch part.content {
        case .image(.file, _), .document:
            writeFile(part, into: &json)
        case .image(let media, let detail):
            json.object {
                $0.member("type", "image_url")
                $0.object("image_url") {
                    $0.member("url", media.url)
                    if let detail { $0.member("detail", detail) }
                }
            }
        case .audio(let media):
            guard case .base64(let type, let data) = media else {
                return refuse("Send the audio's data.", field: part.path)
            }
            json.object {
                $0.member("type", "input_audio")
                $0.object("input_audio") {
                    $0.member("data", data)
                    $0.member("format", FileType(type).soundFormat)
                }
            }
        case .text, .refusal, .native, .toolCall, .toolResult, .thinking, .redactedThinking:
            dropped.append(part.path)
        }
    }

    private mutating func writeFile(_ part: Part, into json: inout JSONWriter) {
        guard case .document(let document) = part.content, case .media(let media) = document.source,
            case .base64 = media
        else {
            return refuse("This model takes files by their data only.", field: part.path)
        }
        json.object {
            $0.member("type", "file")
            $0.object("file") {
                $0.member("filename", document.name ?? "document.pdf")
                $0.member("file_data", media.url)
            }
        }
    }
}

extension String {
    /// The proof as Google wrote it, when it says that it is Google's.
    fileprivate var geminis: String? { ProofMaker(of: self) == .gemini ? ProofMaker.gemini.own(self) : nil }
}

extension Part {
    /// Whether chat completions have no place for the part among what users say.
    fileprivate var isUnsayableByUsers: Bool {
        switch content {
        case .native, .thinking, .redactedThinking, .toolCall, .toolResult: true
        case .text, .refusal, .image, .audio, .document: false
        }
    }

    /// The part as text, where it is nothing else.
    fileprivate var words: String? {
        switch content {
        case .text(let text), .refusal(let text): text
        case .document(let document):
            if case .text(let text) = document.source {
                ([document.name.map { "\($0):" }, document.context] + [text]).compactMap { $0 }
                    .joined(separator: "\n")
            } else {
                nil
            }
        default: nil
        }
    }
}
