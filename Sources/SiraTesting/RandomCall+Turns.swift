internal import SiraWire

extension RandomCall {
    mutating func makeTurns(tools: [String]) -> [Turn] {
        var turns: [Turn] = []
        if Bool.random(using: &random) { turns.append(turn(.instructions, [.text(words())], at: turns.count)) }
        turns.append(turn(.user, spoken(), at: turns.count))
        for _ in 0..<number(0...3) {
            let (contents, calls) = answer(tools: tools)
            turns.append(turn(.assistant, contents, at: turns.count))
            let results = calls.map { PartContent.toolResult(result(of: $0)) }
            turns.append(turn(.user, results.isEmpty ? spoken() : results, at: turns.count))
        }
        return turns
    }

    private mutating func turn(_ role: Turn.Role, _ contents: [PartContent], at index: Int) -> Turn {
        let path = "messages[\(index)]"
        var parts: [Part] = []
        for content in contents {
            var part = Part(content, path: "\(path).content[\(parts.count)]")
            if role == .user { part.cacheMark = mark() }
            parts.append(part)
        }
        var turn = Turn(role: role, parts: parts, path: path)
        let isSpoken = !contents.contains { if case .toolResult = $0 { true } else { false } }
        if role == .user, isSpoken, uses(.speakerNames) { turn.name = name("speaker") }
        return turn
    }

    private mutating func spoken() -> [PartContent] {
        var contents: [PartContent] = [.text(words())]
        if uses(.imageURLs) { contents.append(image(.url("https://example.com/\(name("image")).png"))) }
        if uses(.imageData) { contents.append(image(.base64(type: "image/png", data: base64()))) }
        if uses(.audio) { contents.append(.audio(.base64(type: "audio/wav", data: base64()))) }
        if uses(.documentData) {
            contents.append(document(.media(.base64(type: "application/pdf", data: base64()))))
        }
        if uses(.documentURLs) {
            contents.append(document(.media(.url("https://example.com/\(name("file")).pdf"))))
        }
        if uses(.documentText) { contents.append(document(.text(words()))) }
        if uses(.fileIDs) { contents.append(document(.media(.file(id: "file-" + name("id"))))) }
        return contents
    }

    private mutating func image(_ media: Media) -> PartContent {
        .image(media, detail: uses(.imageDetail) ? "high" : nil)
    }

    private mutating func document(_ source: Document.Source) -> PartContent {
        var document = Document(source: source, name: features.contains(.documentNames) ? name("title") + ".pdf" : nil)
        if uses(.documentContext) { document.context = words() }
        document.isCited = uses(.citedDocuments)
        return .document(document)
    }

    private mutating func answer(tools: [String]) -> (contents: [PartContent], calls: [ToolCall]) {
        var contents: [PartContent] = []
        if uses(.thoughts) { contents.append(.thinking(Thought(text: words(), signature: base64()))) }
        if uses(.redactedThoughts) { contents.append(.redactedThinking(base64())) }
        contents.append(uses(.refusals) ? .refusal(words()) : .text(words()))
        var calls: [ToolCall] = []
        for _ in 0..<(tools.isEmpty ? 0 : number(0...2)) {
            var call = ToolCall(
                id: name("call"),
                name: tools.randomElement(using: &random) ?? "",
                arguments: #"{"count":\#(number(0...9)),"of":["x",null,{"y":1.5}]}"#
            )
            if uses(.callSignatures) { call.signature = base64() }
            calls.append(call)
        }
        return (contents + calls.map { .toolCall($0) }, calls)
    }

    private mutating func result(of call: ToolCall) -> ToolResult {
        var parts = [Part(.text(words()), path: "")]
        if uses(.toolImages) { parts.append(Part(image(.base64(type: "image/png", data: base64())), path: "")) }
        return ToolResult(callID: call.id, parts: parts, isError: uses(.toolErrors))
    }

    /// Letters that are base 64.
    private mutating func base64() -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return String((0..<4 * number(1...6)).map { _ in letters.randomElement(using: &random) ?? "A" })
    }
}
