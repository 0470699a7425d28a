import SiraAnthropic
import SiraBedrock
import SiraCohere
import SiraCore
import SiraGemini
import SiraJSON
import SiraOllama
import SiraOpenAI
import SiraWire
import Testing

/// Every kind of file to every protocol's provider: it arrives as what it is, or the request is refused.
@Suite struct MediaTests {
    private let indexer = JSONIndexer()

    /// A file, and how each provider is told of it; those that are not named refuse it.
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let content: PartContent
        /// What shows in the provider's request that the file is there as what it is.
        let marks: [WireProtocol: String]

        init(_ description: String, _ content: PartContent, _ marks: [WireProtocol: String]) {
            self.description = description
            self.content = content
            self.marks = marks
        }
    }

    private static func file(_ type: String, _ data: String = "AAEC") -> PartContent {
        FileType(type).part(.base64(type: type, data: data), name: nil)
    }

    private static func document(at address: String, type: String? = nil) -> PartContent {
        var document = Document(source: .media(.url(address)), name: nil)
        document.type = type
        return .document(document)
    }

    private static func document(id: String) -> PartContent {
        .document(Document(source: .media(.file(id: id)), name: nil))
    }

    private static let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    /// `a,b` in base 64 is `YSxi`.
    private static func text(_ type: String, converse: String, gemini: String?) -> Case {
        Case(
            "text: \(type)",
            file(type, "YSxi"),
            [
                .openai: #""content":"a,b""#, .responses: #"{"type":"input_text","text":"a,b"}"#,
                .anthropic: #"{"type":"text","media_type":"text/plain","data":"a,b"}"#,
                .gemini: gemini.map { #""inlineData":{"mimeType":"\#($0)","data":"YSxi"}"# } ?? #"{"text":"a,b"}"#,
                .bedrock: #""document":{"format":"\#(converse)""#, .cohere: #""text":"a,b""#,
                .ollama: #""content":"a,b""#,
            ]
        )
    }

    static let cases: [Case] = [
        Case(
            "picture: bytes",
            file("image/png"),
            [
                .openai: #""image_url":{"url":"data:image/png;base64,AAEC"}"#,
                .responses: #""image_url":"data:image/png;base64,AAEC""#,
                .anthropic: #"{"type":"base64","media_type":"image/png","data":"AAEC"}"#,
                .gemini: #""inlineData":{"mimeType":"image/png","data":"AAEC"}"#,
                .bedrock: #""image":{"format":"png","source":{"bytes":"AAEC"}}"#,
                .cohere: #""url":"data:image/png;base64,AAEC""#, .ollama: #""images":["AAEC"]"#,
            ]
        ),
        Case(
            "picture: a kind that few know",
            file("image/heic"),
            [
                .openai: #""url":"data:image/heic;base64,AAEC""#, .gemini: #""mimeType":"image/heic","data":"AAEC""#,
                .ollama: #""images":["AAEC"]"#,
            ]
        ),
        Case(
            "picture: address",
            .image(.url("https://p.test/p.png"), detail: nil),
            [
                .openai: #""url":"https://p.test/p.png""#, .responses: #""image_url":"https://p.test/p.png""#,
                .anthropic: #"{"type":"url","url":"https://p.test/p.png"}"#,
                .gemini: #"{"mimeType":"image/png","fileUri":"https://p.test/p.png"}"#,
                .cohere: #""url":"https://p.test/p.png""#,
            ]
        ),
        Case(
            "picture: Amazon's storage",
            .image(.url("s3://b/p.png"), detail: nil),
            [.bedrock: #""image":{"format":"png","source":{"s3Location":{"uri":"s3://b/p.png"}}}"#]
        ),
        Case(
            "picture: Google's storage",
            .image(.url("gs://b/p.png"), detail: nil),
            [.gemini: #"{"mimeType":"image/png","fileUri":"gs://b/p.png"}"#]
        ),
        Case(
            "picture: OpenAI's file",
            .image(.file(id: "file-1"), detail: nil),
            [.responses: #""file_id":"file-1""#]
        ),
        Case("picture: Anthropic's file", .image(.file(id: "file_011C"), detail: nil), [:]),
        Case("picture: bytes that are a video's", .image(.base64(type: "video/mp4", data: "AAEC"), detail: nil), [:]),
        Case(
            "sound: WAVE",
            file("audio/wav"),
            [
                .openai: #""input_audio":{"data":"AAEC","format":"wav"}"#,
                .responses: #""input_audio":{"data":"AAEC","format":"wav"}"#,
                .gemini: #""inlineData":{"mimeType":"audio/wav","data":"AAEC"}"#,
                .bedrock: #""audio":{"format":"wav","source":{"bytes":"AAEC"}}"#,
            ]
        ),
        Case(
            "sound: MP3 by its registered name",
            file("audio/mpeg"),
            [
                .openai: #""input_audio":{"data":"AAEC","format":"mp3"}"#,
                .responses: #""input_audio":{"data":"AAEC","format":"mp3"}"#,
                .gemini: #""mimeType":"audio/mpeg","data":"AAEC""#, .bedrock: #""audio":{"format":"mpeg""#,
            ]
        ),
        Case(
            "sound: a kind that few know",
            file("audio/flac"),
            [.gemini: #""mimeType":"audio/flac","data":"AAEC""#, .bedrock: #""audio":{"format":"flac""#]
        ),
        Case("sound: address", .audio(.url("https://p.test/s.wav")), [.gemini: #""fileUri":"https://p.test/s.wav""#]),
        Case(
            "document: PDF",
            file("application/pdf"),
            [
                .openai: #"{"filename":"document.pdf","file_data":"data:application/pdf;base64,AAEC"}"#,
                .responses: #""filename":"document.pdf","file_data":"data:application/pdf;base64,AAEC""#,
                .anthropic: #"{"type":"base64","media_type":"application/pdf","data":"AAEC"}"#,
                .gemini: #""mimeType":"application/pdf","data":"AAEC""#, .bedrock: #""document":{"format":"pdf""#,
            ]
        ),
        Case(
            "document: PDF at an address",
            document(at: "https://p.test/d.pdf"),
            [
                .responses: #""file_url":"https://p.test/d.pdf""#,
                .anthropic: #"{"type":"url","url":"https://p.test/d.pdf"}"#,
                .gemini: #""fileUri":"https://p.test/d.pdf""#,
            ]
        ),
        Case(
            "document: PDF in Amazon's storage",
            document(at: "s3://b/d", type: "application/pdf"),
            [.bedrock: #""source":{"s3Location":{"uri":"s3://b/d"}}"#]
        ),
        Case(
            "document: PDF in Google's storage",
            document(at: "gs://b/d.pdf"),
            [.gemini: #"{"mimeType":"application/pdf","fileUri":"gs://b/d.pdf"}"#]
        ),
        Case("document: OpenAI's file", document(id: "file-2"), [.responses: #""file_id":"file-2""#]),
        Case("document: Anthropic's file", document(id: "file_011D"), [:]),
        Case("document: Google's file", document(id: "files/f"), [.gemini: #"{"fileUri":"files/f"}"#]),
        Case(
            "document: Word",
            file(word),
            [
                .responses: #""filename":"document.docx","file_data":"data:\#(word);base64,AAEC""#,
                .bedrock: #""document":{"format":"docx""#,
            ]
        ),
        text("text/csv", converse: "csv", gemini: "text/csv"),
        text("text/html", converse: "html", gemini: "text/html"),
        text("text/plain; charset=utf-8", converse: "txt", gemini: "text/plain; charset=utf-8"),
        text("application/json", converse: "txt", gemini: nil),
        Case("document: bytes of no known kind", file("application/octet-stream"), [:]),
        Case("document: an archive", file("application/zip"), [:]),
        Case(
            "video: bytes",
            file("video/mp4"),
            [
                .gemini: #""inlineData":{"mimeType":"video/mp4","data":"AAEC"}"#,
                .bedrock: #"{"video":{"format":"mp4","source":{"bytes":"AAEC"}}}"#,
            ]
        ),
        Case(
            "video: an address that does not tell",
            document(at: "https://p.test/v", type: "video/mp4"),
            [.gemini: #"{"mimeType":"video/mp4","fileUri":"https://p.test/v"}"#]
        ),
        Case(
            "video: Amazon's storage",
            document(at: "s3://b/v.mov", type: "video/quicktime"),
            [.bedrock: #"{"video":{"format":"mov","source":{"s3Location":{"uri":"s3://b/v.mov"}}}}"#]
        ),
    ]

    @Test(arguments: cases) func `a file arrives as what it is, or is refused`(item: Case) throws {
        for provider in ConformanceTests.providers {
            let part = Part(item.content, path: "messages[0].content[0]")
            let call = Call(turns: [Turn(role: .user, parts: [part], path: "messages[0]")])
            try check(call, item, provider, "messages[0].content[0]")
        }
    }

    private func check(_ call: Call, _ item: Case, _ provider: any Dialect, _ path: String) throws {
        let writer = try #require(provider.provider)
        let model = provider.name == .bedrock ? "amazon.nova-pro-v1:0" : "model"
        let target = TargetModel(name: model, quirks: Quirks())
        do {
            let written = try writer.writeCall(call, to: target, indexer: indexer)
            let body = String(decoding: written.body, as: UTF8.self)
            let mark = try #require(item.marks[provider.name], "\(provider.name) is sent \(body)")
            #expect(body.contains(mark), "\(provider.name) is sent \(body)")
        } catch let error as GatewayError {
            #expect(item.marks[provider.name] == nil, "\(provider.name): \(error)")
            #expect(error.code == .unsupportedFeature && error.field == path, "\(provider.name): \(error)")
        }
    }

    @Test func `text that is not text is refused`() throws {
        for data in ["/w==", "?"] {
            let part = Part(Self.file("text/plain", data), path: "messages[0].content[0]")
            let call = Call(turns: [Turn(role: .user, parts: [part], path: "messages[0]")])
            for provider in ConformanceTests.providers where ![.gemini, .bedrock].contains(provider.name) {
                let error = #expect(throws: GatewayError.self) {
                    try provider.provider?.writeCall(
                        call,
                        to: TargetModel(name: "m", quirks: Quirks()),
                        indexer: indexer
                    )
                }
                #expect(error?.code == .invalidField && error?.field == part.path)
            }
        }
    }

    // MARK: as clients write them

    private func refusal(_ body: String, of client: any Dialect, to provider: any Dialect) throws -> String? {
        do {
            _ = try Gateway(client: client, provider: provider).request(Array(body.utf8))
            return nil
        } catch let error as GatewayError {
            #expect(error.code == .unsupportedFeature)
            return error.field
        }
    }

    @Test func `a video of a client of Gemini's or Converse's goes to no chat model`() throws {
        let inline =
            #"{"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"video/mp4","data":"AAEC"}}]}]}"#
        let stored =
            #"{"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"video/mp4","fileUri":"https://v.test/v"}}]}]}"#
        let converse =
            #"{"messages":[{"role":"user","content":[{"video":{"format":"mp4","source":{"bytes":"AAEC"}}}]}]}"#
        for provider in ConformanceTests.providers {
            if provider.name != .gemini, provider.name != .bedrock {
                #expect(try refusal(inline, of: GeminiDialect(), to: provider) == "contents[0].parts[1]")
                #expect(try refusal(stored, of: GeminiDialect(), to: provider) == "contents[0].parts[0]")
            }
            guard provider.name != .gemini, provider.name != .bedrock else { continue }
            #expect(try refusal(converse, of: BedrockDialect(), to: provider) == "messages[0].content[0]")
        }
        let carried = try Gateway(client: BedrockDialect(), provider: GeminiDialect()).request(Array(converse.utf8))
        let body = String(decoding: carried.body, as: UTF8.self)
        #expect(body.contains(#""inlineData":{"mimeType":"video/mp4","data":"AAEC"}"#))
    }

    @Test(arguments: ["image", "document"]) func `what is in Amazon's storage goes to Bedrock alone`(
        kind: String
    ) throws {
        let format = kind == "image" ? "png" : "pdf"
        let source = #""source":{"s3Location":{"uri":"s3://b/f"}}"#
        let body =
            #"{"messages":[{"role":"user","content":[{"text":"x"},{"\#(kind)":{"format":"\#(format)","name":"n",\#(source)}}]}]}"#
        for provider in ConformanceTests.providers where provider.name != .bedrock {
            #expect(try refusal(body, of: BedrockDialect(), to: provider) == "messages[0].content[1]")
        }
    }

    @Test func `what a guardrail looks at and what a search found are told to every model`() throws {
        let body = #"""
            {"messages":[{"role":"user","content":[
            {"guardContent":{"text":{"text":"Guarded words.","qualifiers":["query"]}}},
            {"searchResult":{"source":"https://s.test","title":"Found","content":[{"text":"Found words."}],"citations":{"enabled":false}}}
            ]}]}
            """#
        for provider in ConformanceTests.providers where provider.name != .bedrock {
            let written = try Gateway(client: BedrockDialect(), provider: provider).request(Array(body.utf8))
            let text = String(decoding: written.body, as: UTF8.self)
            for words in ["Guarded words.", "Found words.", "Found"] { #expect(text.contains(words)) }
            #expect(written.dropped.contains("messages[0].content[0].guardContent"))
            let isSourceTold =
                text.contains("s.test") || written.dropped.contains("messages[0].content[1].searchResult.source")
            #expect(isSourceTold, "\(provider.name): \(text)")
        }
    }

    @Test func `bytes that a client sends as a picture are what their type says`() throws {
        let body =
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:application/pdf;base64,AAEC"}}]}]}"#
        let written = try Gateway().request(Array(body.utf8))
        #expect(
            String(decoding: written.body, as: UTF8.self).contains(#"{"type":"document","source":{"type":"base64""#)
        )
    }
}
