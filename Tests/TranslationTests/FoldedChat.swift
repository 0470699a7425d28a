/// What the chunks of a chat completion add up to.
struct FoldedChat: Equatable {
    var text = ""
    var reasoning = ""
    /// Thoughts in either of the two spellings.
    var allReasoning = ""
    var calls: [Int: (name: String, arguments: String)] = [:]
    var finish: String?
    var input: Int?
    var output: Int?
    var errors = 0
    var isDone = false

    init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        for line in text.split(separator: "\n") where line.hasPrefix("data:") {
            let data = line.dropFirst(5).drop { $0 == " " }
            if data == "[DONE]" { isDone = true } else { add(try Tree(data.utf8)) }
        }
    }

    private mutating func add(_ chunk: Tree) {
        if !chunk["error"].isNull { errors += 1 }
        for choice in chunk["choices"].elements where choice["index"].number ?? 0 == 0 {
            let delta = choice["delta"]
            text += delta["content"].string ?? ""
            reasoning += delta["reasoning_content"].string ?? ""
            let details = delta["reasoning_details"].elements.map { $0["text"].string ?? $0["summary"].string ?? "" }
            allReasoning += delta["reasoning_content"].string ?? delta["reasoning"].string ?? details.joined()
            for call in delta["tool_calls"].elements {
                let index = call["index"].number ?? 0
                calls[index, default: ("", "")].name += call["function"]["name"].string ?? ""
                calls[index, default: ("", "")].arguments += call["function"]["arguments"].string ?? ""
            }
            finish = choice["finish_reason"].string ?? finish
        }
        input = chunk["usage"]["prompt_tokens"].number ?? input
        output = chunk["usage"]["completion_tokens"].number ?? output
    }

    /// In the form in which pairs are compared.
    var tree: Tree {
        var members: [String: Tree] = ["text": .string(text), "reasoning": .string(reasoning)]
        members["calls"] = .array(
            calls.sorted { $0.key < $1.key }.map { _, call in
                .array([
                    .string(call.name),
                    (try? Tree(Array((call.arguments.isEmpty ? "{}" : call.arguments).utf8)))
                        ?? .string(call.arguments),
                ])
            }
        )
        members["finish"] = finish.map { .string($0) }
        members["usage"] = .object([
            "in": input.map { .number(Double($0)) } ?? .null, "out": output.map { .number(Double($0)) } ?? .null,
        ])
        return .object(members)
    }

    static func == (left: FoldedChat, right: FoldedChat) -> Bool {
        left.tree == right.tree && left.errors == right.errors && left.isDone == right.isDone
    }
}
