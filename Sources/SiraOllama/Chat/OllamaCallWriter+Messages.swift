internal import SiraCore
internal import SiraJSON
internal import SiraWire

extension OllamaCallWriter {
    /// Writes a turn: results of tools are messages of their own, in front of what else the user says.
    mutating func writeTurn(_ turn: Turn, into json: inout JSONWriter) {
        if turn.name != nil { dropped.append(turn.path + ".name") }
        var message = Message()
        for part in turn.parts { add(part, to: &message, into: &json) }
        guard !message.isEmpty else { return }
        let role =
            switch turn.role {
            case .instructions: "system"
            case .user: "user"
            case .assistant: "assistant"
            }
        json.object {
            $0.member("role", role)
            $0.member("content", message.texts.joined(separator: "\n"))
            if !message.thoughts.isEmpty { $0.member("thinking", message.thoughts.joined(separator: "\n")) }
            writeImages(message.images, into: &$0)
            guard !message.calls.isEmpty else { return }
            $0.array("tool_calls") {
                for (call, part) in message.calls { writeCall(call, part, into: &$0) }
            }
        }
    }

    /// What one message says.
    private struct Message {
        var texts: [String] = []
        var thoughts: [String] = []
        /// In base 64.
        var images: [String] = []
        var calls: [(ToolCall, part: Part)] = []

        var isEmpty: Bool { texts.isEmpty && thoughts.isEmpty && images.isEmpty && calls.isEmpty }
    }

    private mutating func add(_ part: Part, to message: inout Message, into json: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            if !text.isEmpty { message.texts.append(text) }
        case .thinking(let thought):
            if thought.signature != nil { dropped.append(self.call.path(of: .thoughtSignature, in: part)) }
            if !thought.text.isEmpty { message.thoughts.append(thought.text) }
        case .image(let media, let detail):
            if let detail, detail != "auto" { dropped.append(call.path(of: .imageDetail, in: part)) }
            if let data = data(of: media, part.path) { message.images.append(data) }
        case .document(let document):
            if let text = text(of: document, part) { message.texts.append(text) }
        case .toolCall(let call):
            names[call.id] = call.name
            if call.signature != nil { dropped.append(self.call.path(of: .callSignature, in: part)) }
            message.calls.append((call, part))
        case .toolResult(let result):
            writeResult(result, part, into: &json)
        case .redactedThinking:
            dropped.append(part.path)
        case .audio, .native:
            refuse(.unsupportedFeature, "This model cannot take such a part.", field: part.path)
        }
    }

    private mutating func writeResult(_ result: ToolResult, _ part: Part, into json: inout JSONWriter) {
        var message = Message()
        for part in result.parts { add(part, to: &message, into: &json) }
        if result.isError { dropped.append(call.path(of: .resultError, in: part)) }
        json.object {
            $0.member("role", "tool")
            $0.member("content", message.texts.joined(separator: "\n"))
            writeImages(message.images, into: &$0)
            if let name = result.name ?? names[result.callID] { $0.member("tool_name", name) }
            $0.member("tool_call_id", result.callID)
        }
    }

    private func writeImages(_ images: [String], into json: inout JSONWriter) {
        guard !images.isEmpty else { return }
        json.array("images") {
            for image in images { $0.element(image) }
        }
    }

    /// Ollama takes pictures as bytes alone.
    private mutating func data(of media: Media, _ path: String) -> String? {
        if case .base64(_, let data) = media { return data }
        refuse(
            .unsupportedFeature,
            "This model is given bytes, not addresses: send the data in base64, as a data: URL.",
            field: path
        )
        return nil
    }

    /// A document's text, with its name above it: Ollama knows no documents.
    private mutating func text(of document: Document, _ part: Part) -> String? {
        guard case .text(let text) = document.source else {
            refuse(.unsupportedFeature, "This model reads no files; send the text in them.", field: part.path)
            return nil
        }
        if document.isCited { dropped.append(call.path(of: .documentCitations, in: part)) }
        return ([document.name, document.context].compactMap { $0 } + [text]).joined(separator: "\n\n")
    }

    private mutating func writeCall(_ call: ToolCall, _ part: Part, into json: inout JSONWriter) {
        let text = Array(call.arguments.utf8)
        var arguments = RawJSON(text.isEmpty ? "{}" : call.arguments)
        let isObject = text.isEmpty || (try? indexer.read(text) { $0.kind == .object }) == true
        if !isObject {
            // What a model wrote wrongly goes back to it under a name that says so, and is named.
            dropped.append(self.call.path(of: .callArguments, in: part))
            var broken = JSONWriter()
            broken.object { $0.member("INVALID_JSON", call.arguments) }
            arguments = RawJSON(bytes: broken.bytes)
        }
        json.object {
            if !call.id.isEmpty { $0.member("id", call.id) }
            $0.object("function") {
                $0.member("name", call.name)
                $0.member("arguments", arguments)
            }
        }
    }
}
