import Foundation
import SiraJSON
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct InlineMediaTests {
    private func base64(_ head: [UInt8], _ count: Int) -> String {
        Data(head + (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 97) }).base64EncodedString()
    }

    private func media(_ json: String, _ wire: WireProtocol = .openai) throws -> InlineMedia {
        try JSONIndexer().read(Array(json.utf8)) { InlineMedia($0, as: wire) }
    }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0]

    @Test func `a picture counts as so many tokens in every protocol, however large it is`() throws {
        let picture = base64(Self.png, 1_000_000)
        let bodies: [(String, WireProtocol)] = [
            (#"{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,\#(picture)"}}]}]}"#, .openai),
            (#"{"input":[{"content":[{"image_url":"data:image/png;base64,\#(picture)"}]}]}"#, .responses),
            (#"{"messages":[{"content":[{"source":{"type":"base64","data":"\#(picture)"}}]}]}"#, .anthropic),
            (#"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"\#(picture)"}}]}]}"#, .gemini),
            (#"{"messages":[{"content":[{"image":{"source":{"bytes":"\#(picture)"}}}]}]}"#, .bedrock),
            (#"{"messages":[{"content":"Hi","images":["\#(picture)"]}]}"#, .ollama),
        ]
        for (json, wire) in bodies {
            let found = try media(json, wire)
            #expect(found.imageTokens == 1_600 && found.tokens == 1_600, "\(wire)")
            #expect(json.utf8.count - found.bytes < 200, "\(wire)")
        }
    }

    @Test func `what a tool is given or answers is text, even a picture`() throws {
        let picture = base64(Self.png, 10_000)
        let bodies: [(String, WireProtocol)] = [
            (#"{"messages":[{"content":[{"type":"tool_use","input":{"data":"\#(picture)"}}]}]}"#, .anthropic),
            (#"{"contents":[{"parts":[{"functionCall":{"args":{"data":"\#(picture)"}}}]}]}"#, .gemini),
            (#"{"contents":[{"parts":[{"functionResponse":{"response":{"image":"\#(picture)"}}}]}]}"#, .gemini),
            (#"{"messages":[{"content":[{"toolUse":{"input":{"bytes":"\#(picture)"}}}]}]}"#, .bedrock),
            (#"{"messages":[{"tool_calls":[{"function":{"arguments":{"url":"\#(picture)"}}}]}]}"#, .ollama),
        ]
        for (json, wire) in bodies { #expect(try media(json, wire) == InlineMedia(), "\(wire)") }
        let both = #"{"a":{"input":{"data":"\#(picture)"}},"source":{"data":"\#(picture)"}}"#
        #expect(try media(both, .anthropic).imageTokens == 1_600, "what comes behind is looked at again")
    }

    @Test func `slashes may be escaped`() throws {
        let picture = base64(Self.jpeg, 100_000).replacing("/", with: #"\/"#)
        let found = try media(#"{"image_url":{"url":"data:image\/jpeg;base64,\#(picture)"}}"#)
        #expect(found.imageTokens == 1_600)
    }

    @Test func `sound counts by its seconds, a document by its size`() throws {
        let wave = base64(Array("RIFF".utf8) + [1, 2, 3, 4] + Array("WAVEfmt ".utf8), 320_000)
        #expect(try media(#"{"input_audio":{"data":"\#(wave)"}}"#).audioTokens == 11 * 32)
        let document = base64(Array("%PDF-1.7".utf8), 300_000)
        let tokens = try media(#"{"file":{"file_data":"data:application/pdf;base64,\#(document)"}}"#).otherTokens
        #expect(tokens >= 30_000 && tokens < 31_000)
    }

    @Test func `text is text, whatever it looks like and wherever it stands`() throws {
        let picture = base64(Self.png, 10_000)
        let words = String(repeating: "iVBORw0KGgo and so on ", count: 1_000)
        for json in [
            #"{"messages":[{"content":"\#(picture)"}]}"#, #"{"content":[{"type":"text","text":"\#(picture)"}]}"#,
            #"{"source":{"type":"text","data":"\#(words)"}}"#, #"{"input":["\#(picture)"]}"#,
            #"{"source":{"data":"iVBORw0KGgo\#(String(repeating: "好", count: 5_000))"}}"#,
            #"{"source":{"data":"\#(base64(Array("Dear".utf8), 10_000))"}}"#,
        ] {
            #expect(try media(json) == InlineMedia(), "\(json.prefix(60))")
        }
    }
}
