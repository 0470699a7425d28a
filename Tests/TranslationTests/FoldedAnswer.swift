import Foundation

/// What the events of a stream add up to for a client of a format: the form in which streams of pairs are compared.
struct FoldedAnswer: Equatable {
    private(set) var tree: Tree
    private var text = ""
    private var reasoning = ""
    /// Calls of tools by their place: name and arguments.
    private var calls: [Int: (name: String, arguments: String)] = [:]
    private var finish: String?
    private var input: Int?
    private var output: Int?

    /// - Parameters:
    ///   - format: a client's, such as `openai.chat`.
    ///   - bytes: the stream.
    init(_ format: String, _ bytes: [UInt8]) throws {
        tree = .null
        let lines = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        for line in lines.split(separator: "\n") where line.hasPrefix("data:") {
            let data = line.dropFirst(5).drop { $0 == " " }
            guard data != "[DONE]" else { continue }
            let event = try Tree(data.utf8)
            switch format {
            case "openai.chat": addChat(event)
            case "anthropic.messages": addMessages(event)
            case "openai.responses": addResponses(event)
            default: addGemini(event)
            }
        }
        tree = folded
    }

    static func == (left: FoldedAnswer, right: FoldedAnswer) -> Bool { left.tree == right.tree }

    private mutating func addChat(_ chunk: Tree) {
        for choice in chunk["choices"].elements where choice["index"].number ?? 0 == 0 {
            let delta = choice["delta"]
            text += delta["content"].string ?? ""
            reasoning += delta["reasoning_content"].string ?? delta["reasoning"].string ?? ""
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

    private mutating func addMessages(_ event: Tree) {
        let index = event["index"].number ?? 0
        switch event["type"].string {
        case "content_block_start":
            let block = event["content_block"]
            if block["type"].string == "tool_use" { calls[index] = (block["name"].string ?? "", "") }
            if block["type"].string == "text" { text += block["text"].string ?? "" }
        case "content_block_delta":
            let delta = event["delta"]
            text += delta["text"].string ?? ""
            reasoning += delta["thinking"].string ?? ""
            if let piece = delta["partial_json"].string { calls[index, default: ("", "")].arguments += piece }
        case "message_delta": finish = event["delta"]["stop_reason"].string ?? finish
        default: break
        }
        let usage = event["usage"].isNull ? event["message"]["usage"] : event["usage"]
        if let tokens = usage["input_tokens"].number, tokens > 0 { input = tokens }
        if let tokens = usage["output_tokens"].number, tokens > 0 { output = tokens }
    }

    private mutating func addResponses(_ event: Tree) {
        let type = event["type"].string ?? ""
        if type == "response.output_text.delta" { text += event["delta"].string ?? "" }
        if type.contains("reasoning"), type.hasSuffix(".delta") { reasoning += event["delta"].string ?? "" }
        let item = event["item"]
        if type == "response.output_item.done", item["type"].string == "function_call" {
            calls[event["output_index"].number ?? 0] = (item["name"].string ?? "", item["arguments"].string ?? "")
        }
        if ["response.completed", "response.incomplete", "response.failed"].contains(type) {
            finish = event["response"]["status"].string
            input = event["response"]["usage"]["input_tokens"].number
            output = event["response"]["usage"]["output_tokens"].number
        }
    }

    private mutating func addGemini(_ chunk: Tree) {
        if let candidate = chunk["candidates"].elements.first {
            for part in candidate["content"]["parts"].elements {
                let call = part["functionCall"]
                if !call.isNull {
                    let arguments = call["args"].isNull ? Tree.object([:]) : call["args"]
                    calls[calls.count] = (call["name"].string ?? "", String(decoding: arguments.json, as: UTF8.self))
                } else if part["thought"] == .bool(true) {
                    reasoning += part["text"].string ?? ""
                } else {
                    text += part["text"].string ?? ""
                }
            }
            finish = candidate["finishReason"].string ?? finish
        }
        let usage = chunk["usageMetadata"]
        guard !usage.isNull else { return }
        input = usage["promptTokenCount"].number
        output = usage["candidatesTokenCount"].number
    }

    private var folded: Tree {
        var members: [String: Tree] = ["text": .string(text), "reasoning": .string(reasoning)]
        members["calls"] = .array(
            // By the text of the number, as the pairs are.
            calls.sorted { String($0.key) < String($1.key) }.map { _, call in
                let arguments = call.arguments.isEmpty ? "{}" : call.arguments
                return .array([.string(call.name), (try? Tree(Array(arguments.utf8))) ?? .string(call.arguments)])
            }
        )
        members["finish"] = finish.map { .string($0) }
        members["usage"] = .object([
            "in": input.map { .number(Double($0)) } ?? .null, "out": output.map { .number(Double($0)) } ?? .null,
        ])
        return .object(members)
    }
}
