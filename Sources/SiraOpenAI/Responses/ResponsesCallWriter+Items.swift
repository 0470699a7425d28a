internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension ResponsesCallWriter {
    /// Writes a turn as items: what is said in one go is a message, and everything else an item of its own.
    mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        nameMarks(of: turn.parts)
        if turn.name != nil { dropped.append(turn.path + ".name") }
        var spoken: [Part] = []
        for part in turn.parts {
            if part.isSpoken(by: turn.role) {
                spoken.append(part)
                continue
            }
            flush(&spoken, turn.role, into: &json)
            writeItem(part, into: &json)
        }
        flush(&spoken, turn.role, into: &json)
    }

    /// Names the cache marks: OpenAI caches prompts unasked, and its older models refuse marks.
    private mutating func nameMarks(of parts: [Part]) {
        for part in parts {
            if part.cacheMark != nil { dropped.append(call.path(of: .cacheMark, in: part)) }
            if case .toolResult(let result) = part.content { nameMarks(of: result.parts) }
        }
    }

    private mutating func flush(_ parts: inout [Part], _ role: Turn.Role, into json: inout JSONWriter) {
        guard !parts.isEmpty else { return }
        json.object {
            $0.member("type", "message")
            switch role {
            case .instructions: $0.member("role", "system")
            case .user: $0.member("role", "user")
            case .assistant:
                $0.member("role", "assistant")
                $0.member("status", "completed")
            }
            $0.array("content") {
                for part in parts { writeContent(part, isAnswer: role == .assistant, into: &$0) }
            }
        }
        parts.removeAll()
    }

    private mutating func writeItem(_ part: Part, into json: inout JSONWriter) {
        switch part.content {
        case .toolCall(let tool):
            if tool.signature != nil { dropped.append(call.path(of: .callSignature, in: part)) }
            writeCall(tool, into: &json)
        case .toolResult(let result):
            if result.isError { dropped.append(call.path(of: .resultError, in: part)) }
            writeResult(result, into: &json)
        case .thinking(let thought):
            // Without its proof a thought is refused, and with another maker's.
            guard let signature = thought.signature, ProofMaker(of: signature) == .openai,
                let proof = ProofMaker.openai.own(signature)
            else { return dropped.append(part.path) }
            json.object {
                $0.member("type", "reasoning")
                $0.array("summary") {
                    guard !thought.text.isEmpty else { return }
                    $0.object {
                        $0.member("type", "summary_text")
                        $0.member("text", thought.text)
                    }
                }
                $0.member("encrypted_content", proof)
            }
        case .native(.responses, let item):
            json.element(item)
        case .redactedThinking, .native, .text, .refusal, .image, .audio, .document:
            dropped.append(part.path)
        }
    }

    private func writeCall(_ tool: ToolCall, into json: inout JSONWriter) {
        json.object {
            if customs.contains(tool.name) {
                $0.member("type", "custom_tool_call")
                $0.member("call_id", callID(tool.id))
                $0.member("name", tool.name)
                $0.member("input", ResponsesCustomTool.input(of: tool.arguments))
                return
            }
            $0.member("type", "function_call")
            $0.member("call_id", callID(tool.id))
            $0.member("name", tool.name)
            $0.member("arguments", tool.arguments.isEmpty ? "{}" : tool.arguments)
            $0.member("status", "completed")
        }
    }

    private mutating func writeResult(_ result: ToolResult, into json: inout JSONWriter) {
        json.object {
            $0.member("type", customCalls.contains(result.callID) ? "custom_tool_call_output" : "function_call_output")
            $0.member("call_id", callID(result.callID))
            let texts = result.parts.compactMap { part in
                if case .text(let text) = part.content { text } else { nil }
            }
            if texts.count == result.parts.count, texts.count <= 1 {
                $0.member("output", texts.first ?? "")
            } else {
                $0.array("output") {
                    for part in result.parts { writeContent(part, isAnswer: false, into: &$0) }
                }
            }
        }
    }

    // MARK: parts of messages

    private mutating func writeContent(_ part: Part, isAnswer: Bool, into json: inout JSONWriter) {
        switch part.content {
        case .text(let text):
            Self.writeText(text, isAnswer: isAnswer, into: &json)
        case .refusal(let text) where isAnswer:
            json.object {
                $0.member("type", "refusal")
                $0.member("refusal", text)
            }
        case .refusal(let text):
            Self.writeText(text, isAnswer: false, into: &json)
        case .image(let media, let detail):
            json.object {
                $0.member("type", "input_image")
                if case .file(let id) = media { $0.member("file_id", id) }
                if let url = media.addressOrData { $0.member("image_url", url) }
                $0.member("detail", detail ?? "auto")
            }
        case .audio(let media):
            writeAudio(media, part.path, into: &json)
        case .document(let document):
            writeDocument(document, part, into: &json)
        case .toolCall, .toolResult, .thinking, .redactedThinking, .native:
            dropped.append(part.path)
        }
    }

    private static func writeText(_ text: String, isAnswer: Bool, into json: inout JSONWriter) {
        json.object {
            $0.member("type", isAnswer ? "output_text" : "input_text")
            $0.member("text", text)
            if isAnswer { $0.array("annotations") { _ in } }
        }
    }

    private mutating func writeAudio(_ media: Media, _ path: String, into json: inout JSONWriter) {
        guard case .base64(let type, let data) = media else {
            return refuse("Send the audio's data.", field: path)
        }
        json.object {
            $0.member("type", "input_audio")
            $0.object("input_audio") {
                $0.member("data", data)
                $0.member("format", FileType(type).soundFormat)
            }
        }
    }

    private mutating func writeDocument(_ document: Document, _ part: Part, into json: inout JSONWriter) {
        if document.context != nil { dropped.append(call.path(of: .documentContext, in: part)) }
        if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
        switch document.source {
        case .text(let text):
            Self.writeText(document.name.map { "\($0):\n\(text)" } ?? text, isAnswer: false, into: &json)
        case .media(let media):
            json.object {
                $0.member("type", "input_file")
                switch media {
                case .file(let id): $0.member("file_id", id)
                case .url(let url): $0.member("file_url", url)
                case .base64(let type, _):
                    // The name's ending tells the provider what the file is.
                    $0.member("filename", document.name ?? "document.\(FileType(type).ending ?? "pdf")")
                    $0.member("file_data", media.addressOrData ?? "")
                }
            }
            if case .base64 = media { return }
            if document.name != nil { dropped.append(call.path(of: .documentName, in: part)) }
        }
    }
}

extension Part {
    /// Whether the part is a piece of a message of this role.
    fileprivate func isSpoken(by role: Turn.Role) -> Bool {
        switch content {
        case .text, .refusal: true
        case .image, .audio, .document: role != .assistant
        case .toolCall, .toolResult, .thinking, .redactedThinking, .native: false
        }
    }
}
