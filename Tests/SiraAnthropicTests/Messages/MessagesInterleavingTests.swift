import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraAnthropic

@Suite struct MessagesInterleavingTests {
    /// What a stream's blocks hold, as a client gathers them that believes that they come one after another.
    private struct Blocks {
        var inputs: [String: String] = [:]
        var text = ""
        private var open: (index: Int64, tool: String?)?
        private var count: Int64 = 0

        mutating func take(_ event: JSONValue) throws {
            switch event["type"]?.string {
            case "content_block_start":
                #expect(open == nil && event["index"]?.integer == count)
                let block = try #require(event["content_block"])
                let tool = block["type"]?.isString("tool_use") == true ? block["id"]?.string : nil
                if let tool {
                    #expect(inputs[tool] == nil)
                    inputs[tool] = ""
                }
                open = (count, tool)
                count += 1
            case "content_block_delta":
                let block = try #require(open)
                #expect(event["index"]?.integer == block.index)
                let delta = event["delta"]
                if let tool = block.tool {
                    inputs[tool, default: ""] += try #require(delta?["partial_json"]?.string)
                } else {
                    text += try #require(delta?["text"]?.string)
                }
            case "content_block_stop":
                #expect(event["index"]?.integer == open?.index)
                open = nil
            case "message_delta":
                #expect(open == nil)
            default: break
            }
        }
    }

    private func write(_ events: [AnswerEvent]) -> String {
        var writer = MessagesWriter(
            AnswerRequest(
                request: RequestID(high: 1, low: 2),
                model: "m",
                isStream: true,
                asksForUsage: true,
                createdAt: Timestamp(microseconds: 0)
            )
        )
        var output: [UInt8] = []
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `calls that come by turns are blocks one after another`() throws {
        var random = SeededRandom(seed: 31)
        let indexer = JSONIndexer()
        for _ in 0..<100 {
            let calls = InterleavedCalls(using: &random)
            var blocks = Blocks()
            for event in write(calls.events + [.stop(.toolCalls)]).split(separator: "\n\n") {
                let data = try #require(event.split(separator: "\ndata: ").last)
                try indexer.read(Array(data.utf8)) { try blocks.take($0) }
            }
            #expect(blocks.inputs.count == calls.arguments.count)
            for (part, arguments) in calls.arguments.enumerated() { #expect(blocks.inputs["id\(part)"] == arguments) }
            #expect(blocks.text.count == calls.text.count)
        }
    }

    @Test func `what cannot be brought in order ends the stream with an error`() {
        let long = String(repeating: "x", count: 1 << 20)
        let stream = write([.toolCall(part: 0, id: "a", name: "f"), .text(part: 1, long), .stop(.toolCalls)])
        #expect(stream.contains("event: error\n") && !stream.contains("message_stop"))
    }
}
