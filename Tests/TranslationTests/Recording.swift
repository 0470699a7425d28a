import SiraTesting

/// A provider's recorded answer.
struct Recording {
    var id: String
    var body: [UInt8]

    static func streams(in files: [String], apis: Set<String>) throws -> [Recording] {
        try all(in: files, apis: apis) { $0["stream_format"].string == "sse" }
    }

    static func wholes(in files: [String], apis: Set<String>) throws -> [Recording] {
        try all(in: files, apis: apis) { $0["stream_format"].isNull }
    }

    private static func all(
        in files: [String],
        apis: Set<String>,
        where isWanted: (Tree) -> Bool
    ) throws -> [Recording] {
        try files.flatMap { try SharedData.lines(of: $0) }.compactMap { line in
            let tree = try Tree(line)
            guard apis.contains(tree["api"].string ?? ""), tree["status"].number == 200, isWanted(tree),
                tree["response_body_encoding"].string == "text", let body = tree["response_body"].string
            else { return nil }
            return Recording(id: tree["id"].string ?? "", body: Array(body.utf8))
        }
    }

    /// Streams of messages; some recordings hold several answers, one after the other, and are left out.
    static func messages() throws -> [Recording] {
        try streams(in: ["recordings/anthropic.jsonl.gz"], apis: ["messages"]).filter { recording in
            recording.data.count { $0.contains("\"message_start\"") } == 1
        }
    }

    /// The data of the stream's events, read in the plainest way.
    private var data: [String] {
        let text = String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
        return text.split(separator: "\n\n").flatMap { block in
            block.split(separator: "\n").filter { $0.hasPrefix("data:") }
                .map { String($0.dropFirst(5).drop { $0 == " " }) }
        }
    }

    struct Messages {
        var text = ""
        var reasoning = ""
        var toolCalls = 0
        var input = 0
        var output = 0
        var isComplete = false
    }

    var foldedMessages: Messages {
        var folded = Messages()
        for event in data.compactMap({ try? Tree($0.utf8) }) {
            folded.text += event["delta"]["text"].string ?? ""
            folded.reasoning += event["delta"]["thinking"].string ?? ""
            if event["content_block"]["type"].string == "tool_use" { folded.toolCalls += 1 }
            folded.text += event["content_block"]["text"].string ?? ""
            if event["type"].string == "message_stop" { folded.isComplete = true }
            let usage = event["usage"].isNull ? event["message"]["usage"] : event["usage"]
            folded.output = usage["output_tokens"].number ?? folded.output
            guard let fresh = usage["input_tokens"].number else { continue }
            folded.input = fresh + (usage["cache_read_input_tokens"].number ?? 0)
            folded.input += usage["cache_creation_input_tokens"].number ?? 0
            for iteration in usage["iterations"].elements where iteration["type"].string == "compaction" {
                for kind in ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"] {
                    folded.input += iteration[kind].number ?? 0
                }
                folded.output += iteration["output_tokens"].number ?? 0
            }
        }
        return folded
    }

    struct Chat {
        var prompt: Int?
        var completion: Int?
        var hasContent = false
        var usageOnlyChunks = 0
        var isDone = false
        var hasError = false
        var hasFinish = false
    }

    var foldedChat: Chat {
        var folded = Chat()
        for line in data {
            if line == "[DONE]" { folded.isDone = true }
            guard let chunk = try? Tree(line.utf8) else { continue }
            if !chunk["error"].isNull { folded.hasError = true }
            let choice = chunk["choices"]["0"]
            if choice["finish_reason"].string?.isEmpty == false { folded.hasFinish = true }
            for usage in [chunk["x_groq"]["usage"], choice["usage"], chunk["usage"]] {
                folded.prompt = usage["prompt_tokens"].number ?? folded.prompt
                folded.completion = usage["completion_tokens"].number ?? folded.completion
            }
            if choice.isNull, !chunk["usage"].isNull { folded.usageOnlyChunks += 1 }
            for (key, value) in choice["delta"].members.merging(choice.members, uniquingKeysWith: { a, _ in a }) {
                let isContent = ["content", "text", "reasoning", "reasoning_content", "tool_calls"].contains(key)
                if isContent, ![.null, .string(""), .array([])].contains(value) { folded.hasContent = true }
            }
        }
        return folded
    }
}
