internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension CohereCallWriter {
    /// Writes a turn: results of tools are messages of their own, in front of what else the user says.
    mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        if turn.name != nil { dropped.append(turn.path + ".name") }
        var contents: [Part] = []
        var calls: [(ToolCall, part: Part)] = []
        var thoughts: [Part] = []
        for part in turn.parts {
            switch part.content {
            case .toolResult(let result): writeResult(result, part, into: &json)
            case .toolCall(let call): calls.append((call, part))
            case .thinking(let thought):
                if thought.signature != nil { dropped.append(self.call.path(of: .thoughtSignature, in: part)) }
                if !thought.text.isEmpty { thoughts.append(part) }
            case .redactedThinking: dropped.append(part.path)
            case .document(let document): take(document, part.path)
            case .text(let text) where text.isEmpty: break
            case .text, .refusal, .image: contents.append(part)
            case .audio, .native:
                refuse(.unsupportedFeature, "This model cannot take such a part.", field: part.path)
            }
        }
        guard !(contents.isEmpty && calls.isEmpty && thoughts.isEmpty) else { return }
        json.object {
            switch turn.role {
            case .instructions: $0.member("role", "system")
            case .user: $0.member("role", "user")
            case .assistant: $0.member("role", "assistant")
            }
            let plan = place(thoughts, before: calls, in: &contents)
            if !plan.isEmpty { $0.member("tool_plan", plan) }
            writeContent(contents, into: &$0)
            writeCalls(calls, into: &$0)
        }
    }

    /// Finds the place of thoughts: a model that thinks takes them as content, any other as the plan of its calls.
    ///
    /// - Returns: the plan.
    private mutating func place(
        _ thoughts: [Part],
        before calls: [(ToolCall, part: Part)],
        in contents: inout [Part]
    ) -> String {
        guard target.thinks != true else {
            contents = thoughts + contents
            return ""
        }
        guard !calls.isEmpty else {
            dropped += thoughts.map(\.path)
            return ""
        }
        return thoughts.map { if case .thinking(let thought) = $0.content { thought.text } else { "" } }
            .joined(separator: "\n")
    }

    /// Writes the member `content`: a string where it is one text, else a list.
    private mutating func writeContent(_ parts: [Part], into json: inout JSONWriter) {
        guard !parts.isEmpty else { return }
        if parts.count == 1, case .text(let text) = parts[0].content { return json.member("content", text) }
        json.array("content") {
            for part in parts { writePart(part, into: &$0) }
        }
    }

    private mutating func writePart(_ part: Part, into json: inout JSONWriter) {
        json.object {
            switch part.content {
            case .text(let text), .refusal(let text):
                $0.member("type", "text")
                $0.member("text", text)
            case .thinking(let thought):
                $0.member("type", "thinking")
                $0.member("thinking", thought.text)
            case .image(let media, let detail):
                $0.member("type", "image_url")
                $0.object("image_url") {
                    $0.member("url", url(of: media, part.path))
                    if let detail { $0.member("detail", detail) }
                }
            case .audio, .document, .toolCall, .toolResult, .redactedThinking, .native:
                break  // written elsewhere or refused
            }
        }
    }

    private mutating func url(of media: Media, _ path: String) -> String {
        switch media {
        case .url(let url): return url
        case .base64(let type, let data): return "data:\(type);base64,\(data)"
        case .file:
            refuse(
                .unsupportedFeature,
                "A file's id means nothing to another provider; send the file's data.",
                field: path
            )
            return ""
        }
    }

    private mutating func writeCalls(_ calls: [(ToolCall, part: Part)], into json: inout JSONWriter) {
        guard !calls.isEmpty else { return }
        json.array("tool_calls") {
            for (call, part) in calls {
                if call.signature != nil { dropped.append(self.call.path(of: .callSignature, in: part)) }
                $0.object {
                    $0.member("id", call.id)
                    $0.member("type", "function")
                    $0.object("function") {
                        $0.member("name", call.name)
                        $0.member("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
                    }
                }
            }
        }
    }

    private mutating func writeResult(_ result: ToolResult, _ part: Part, into json: inout JSONWriter) {
        if result.isError { dropped.append(call.path(of: .resultError, in: part)) }
        json.object {
            $0.member("role", "tool")
            $0.member("tool_call_id", result.callID)
            if result.parts.isEmpty { return $0.member("content", "") }
            if result.parts.count == 1, case .text(let text) = result.parts[0].content {
                return $0.member("content", text)
            }
            $0.array("content") {
                for part in result.parts {
                    switch part.content {
                    case .text, .refusal: writePart(part, into: &$0)
                    case .document(let document):
                        let raw = raw(document, part.path)
                        $0.object {
                            $0.member("type", "document")
                            $0.object("document") { $0.member("data", raw) }
                        }
                    default:
                        refuse(.unsupportedFeature, "A tool's result can hold text only here.", field: part.path)
                    }
                }
            }
        }
    }

    // MARK: documents

    /// Takes a document out of its turn: Cohere has them beside the conversation.
    private mutating func take(_ document: Document, _ path: String) {
        let data = raw(document, path)
        var json = JSONWriter(capacity: data.bytes.count + 32)
        json.object {
            $0.member("id", DocumentIdentifier.text(documents.count))
            $0.member("data", data)
        }
        documents.append(RawJSON(bytes: json.bytes))
    }

    private mutating func raw(_ document: Document, _ path: String) -> RawJSON {
        var text = ""
        switch document.source {
        case .text(let source): text = source
        case .media:
            refuse(.unsupportedFeature, "This model reads texts only; send the text in the file.", field: path)
        }
        var json = JSONWriter(capacity: text.utf8.count + 64)
        json.object {
            if let name = document.name { $0.member("title", name) }
            $0.member("text", text)
            if let context = document.context { $0.member("context", context) }
        }
        return RawJSON(bytes: json.bytes)
    }
}
