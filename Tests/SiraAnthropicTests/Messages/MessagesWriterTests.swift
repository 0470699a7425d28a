import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

@testable import SiraAnthropic

@Suite struct MessagesWriterTests {
    private let start = AnswerEvent.start(AnswerStart(serviceTier: .priority))

    private func write(_ events: [AnswerEvent], isStream: Bool) -> String {
        let request = AnswerRequest(
            request: RequestID(high: 1, low: 2),
            model: "m",
            isStream: isStream,
            asksForUsage: true,
            createdAt: Timestamp(microseconds: 5_000_000)
        )
        var writer = MessagesWriter(request)
        var output: [UInt8] = []
        for event in events { writer.write(event, into: &output) }
        writer.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// What a stream says, as the provider's half of the protocol reads it.
    private func folded(_ stream: String) throws -> [String] {
        let indexer = JSONIndexer()
        var (reader, events) = (MessagesReader(isStream: true), [AnswerEvent]())
        for block in stream.split(separator: "\n\n") {
            try Array("\(block)\n\n".utf8).withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        return events.folded
    }

    private static let proved: [AnswerEvent] = [
        .text(part: 0, "a"), .toolCall(part: 1, id: "i:1", name: "f"), .signature(part: 1, "c2ln"),
        .toolArguments(part: 1, #"{"x":1}"#), .toolCall(part: 2, id: "", name: "g"), .stop(.toolCalls),
    ]

    @Test func `proofs of calls stand behind all blocks, in blocks that clients give back`() throws {
        let data = "sira:call:i:1:c2ln"
        let lines = try folded(write([start] + Self.proved, isStream: true))
        #expect(lines.prefix(3) == ["0.0 text a", "0.1 call i:1 f", #"0.1 arguments {"x":1}"#])
        #expect(lines.contains("0.3 redacted \(data)"))
        let whole = write([start] + Self.proved, isStream: false)
        #expect(whole.contains(#""input":{}},{"type":"redacted_thinking","data":"\#(data)"}]"#))
    }

    @Test func `a client that gives an answer back gives each call its proof`() throws {
        let indexer = JSONIndexer()
        let whole = Array(write([start] + Self.proved, isStream: false).utf8)
        let content = try indexer.read(whole) { $0["content"]?.rawJSON.description ?? "" }
        let request =
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},"#
            + #"{"role":"assistant","content":\#(content)},{"role":"user","content":"y"}]}"#
        let call = try indexer.read(Array(request.utf8)) { try MessagesClient().readCall($0, path: PathFacts()) }
        let tools = call.turns[1].parts.compactMap { part -> ToolCall? in
            if case .toolCall(let tool) = part.content { tool } else { nil }
        }
        #expect(tools.map(\.name) == ["f", "g"] && tools.map(\.signature) == ["c2ln", nil])
        #expect(call.turns[1].parts.count == 3)
        #expect(tools[0].id == "i:1" && tools[1].id.hasPrefix("toolu_"))
    }

    @Test func `the proof of a text stands in a thought without words, behind all blocks`() throws {
        let late: [AnswerEvent] = [
            .toolCall(part: 0, id: "i", name: "f"), .toolArguments(part: 0, "{}"), .signature(part: 0, "s"),
            .text(part: 1, "a"), .signature(part: 1, "t"), .stop(.complete),
        ]
        let lines = try folded(write([start] + late, isStream: true))
        #expect(
            lines.dropLast(2) == [
                "0.0 call i f", "0.0 arguments {}", "0.1 text a", "0.2 redacted sira:call:i:s",
                "0.3 signature sira.gemini:t",
            ]
        )
        let whole = write([start] + late, isStream: false)
        #expect(whole.contains(#"{"type":"thinking","thinking":"","signature":"sira.gemini:t"}"#))
    }

    @Test func `sources are told in the words of messages, Anthropic's own as they were`() throws {
        let own = Citation(
            url: nil,
            title: "T",
            dialect: .anthropic,
            raw: RawJSON(#"{"type":"page_location","cited_text":"q","document_index":1,"start_page_number":2}"#)
        )
        var page = Citation(url: "https://a.b/", title: nil, dialect: .openai, raw: RawJSON("{}"))
        page.quote = "w"
        var document = Citation(url: nil, title: "D", dialect: .cohere, raw: RawJSON("{}"))
        document.document = 3
        let events: [AnswerEvent] = [
            start, .text(part: 0, "a"), .citation(part: 0, own), .citation(part: 0, page), .citation(part: 0, document),
            .stop(.complete),
        ]
        let written = [
            own.raw.description,
            #"{"type":"web_search_result_location","cited_text":"w","url":"https://a.b/","title":null,"encrypted_index":""}"#,
            #"{"type":"char_location","cited_text":"","document_index":3,"document_title":"D","start_char_index":0,"#
                + #""end_char_index":0}"#,
        ]
        #expect(write(events, isStream: false).contains(#""citations":[\#(written.joined(separator: ","))]"#))
        let stream = write(events, isStream: true)
        for citation in written {
            #expect(stream.contains(#""delta":{"type":"citations_delta","citation":\#(citation)}"#))
        }
    }

    @Test(
        arguments: [
            (#"{"type":"char_location","cited_text":"q","document_index":2,"document_title":"D"}"#, nil, "D", 2),
            (#"{"type":"page_location","cited_text":"q","document_index":-2}"#, nil, nil, nil),
            (#"{"type":"content_block_location","cited_text":"q","document_index":0}"#, nil, nil, 0),
            (#"{"type":"web_search_result_location","cited_text":"q","url":"u","title":"T"}"#, "u", "T", nil),
            (#"{"type":"search_result_location","cited_text":"q","source":"s","title":"T"}"#, "s", "T", nil),
        ] as [(String, String?, String?, Int?)]
    )
    func `sources of all kinds are read`(json: String, url: String?, title: String?, document: Int?) throws {
        let citation = try JSONIndexer().read(Array(json.utf8)) { Citation(message: $0) }
        #expect(citation.url == url && citation.title == title && citation.document == document)
        #expect(citation.quote == "q" && citation.message.description == json)
    }

    @Test func `figures are told as Anthropic counts them`() throws {
        var usage = Usage(input: 100, output: 9)
        (usage.cacheRead, usage.cacheWrite, usage.cacheWriteLong, usage.webSearches) = (10, 20, 30, 2)
        let whole = write(
            [start, .text(part: 0, "a"), .usage(ReportedUsage(usage)), .stop(.complete)],
            isStream: false
        )
        #expect(
            whole.contains(
                #""usage":{"input_tokens":40,"cache_creation_input_tokens":50,"cache_read_input_tokens":10,"#
                    + #""cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":30},"output_tokens":9,"#
                    + #""server_tool_use":{"web_search_requests":2},"service_tier":"priority"}"#
            )
        )
    }

    @Test func `of several answers the first is written, and what is spoken only where it is not written`() throws {
        let events: [AnswerEvent] = [
            start, .text(part: 0, "a"), .transcript(part: 1, "a"), .choice(1), .text(part: 2, "b"), .stop(.outputLimit),
            .choice(0), .stop(.complete),
        ]
        #expect(try folded(write(events, isStream: true)).first == "0.0 text a")
        let whole = write(events, isStream: false)
        #expect(whole.contains(#""content":[{"type":"text","text":"a"}]"#) && whole.contains("end_turn"))
        #expect(write([start, .transcript(part: 0, "b")], isStream: false).contains(#""text":"b""#))
    }
}
