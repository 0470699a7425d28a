import Foundation
import SiraCore
import SiraInsight
import SiraTesting
import Testing

/// The hand-made exports.
enum ExportFixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/reconciliation")
        return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }
}

@Suite struct UsageExportTests {
    private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    @Test func `OpenAI's usage is read, days without any included`() throws {
        let export = try UsageExport.openAI.read(try ExportFixture.bytes("openai-usage.json"))
        #expect(export.days == [try day("2025-11-20"), try day("2025-11-21")])
        #expect(export.lines.count == 2 && export.notes.isEmpty)
        let line = export.lines[0]
        #expect(
            line.day == (try day("2025-11-20")) && line.model == "gpt-5-mini-2025-08-07" && line.key == "key_gateway"
        )
        #expect(line.requests == 500 && line.tier == nil && line.cost == nil)
        #expect(line.usage?.input == 1_000_000 && line.usage?.cacheRead == 400_000 && line.usage?.output == 100_000)
    }

    @Test func `OpenAI's costs are read to the nano-dollar, whether numbers or texts`() throws {
        let export = try UsageExport.openAI.read(try ExportFixture.bytes("openai-costs.json"))
        #expect(export.lines.map(\.cost?.nanos) == [150_000_000, 10_000_000, 200_000_000, 50_000_000])
        #expect(export.lines.map(\.item) == ["input", "cached input", "output", nil])
        #expect(export.lines[3].model == "code interpreter sessions")
        #expect(export.notes == ["the export ends with a page that has more after it"])
    }

    @Test func `words and sounds, which OpenAI counts apart, are one input`() throws {
        let text =
            #"{"data":[{"start_time":0,"result":[{"input_tokens":100,"input_audio_tokens":20,"output_tokens":5,"#
            + #""output_audio_tokens":7,"num_model_requests":1,"model":"m","batch":true}]}]}"#
        let line = try #require(try UsageExport.openAI.read(Array(text.utf8)).lines.first)
        #expect(line.usage?.input == 120 && line.usage?.inputAudio == 20)
        #expect(line.usage?.output == 12 && line.usage?.outputAudio == 7)
        #expect(line.tier == "batch")
    }

    @Test func `Anthropic's usage is put together to one input`() throws {
        let export = try UsageExport.anthropic.read(try ExportFixture.bytes("anthropic-usage.json"))
        let line = try #require(export.lines.first)
        #expect(line.usage?.input == 3_200 && line.usage?.cacheRead == 200)
        #expect(line.usage?.cacheWrite == 500 && line.usage?.cacheWriteLong == 1_000)
        #expect(line.usage?.output == 500 && line.usage?.webSearches == 10)
        #expect(line.requests == nil && line.tier == "batch" && line.key == "apikey_01")
    }

    @Test func `Anthropic's costs are cents, on several pages`() throws {
        let export = try UsageExport.anthropic.read(try ExportFixture.bytes("anthropic-costs.json"))
        #expect(export.lines.map(\.cost?.nanos) == [1_237_891_200, 100_000_000, 10])
        #expect(export.lines.map(\.model) == ["claude-sonnet-4-20250514", "Web Search Usage", nil])
        #expect(export.lines.map(\.item) == ["uncached_input_tokens", "web_search", nil])
        #expect(export.notes.isEmpty && export.days.count == 2)
    }

    @Test(arguments: [
        ("", 1, 1), ("{\n  \"data\": [\n    {]\n", 3, 6), ("{\n \"data\": 5}", 1, 1),
        ("{\"data\":[\n  {\"results\":[]}]}", 2, 3), ("{\"data\":[{\"start_time\":0,\n\"results\":7}]}", 1, 10),
        ("{\"data\":[{\"start_time\":0,\"results\":[\n\n  {\"model\":\"m\"}]}]}", 3, 3),
        ("{\"data\":[{\"start_time\":0,\"results\":[{\"num_model_requests\":\n -1}]}]}", 2, 2),
        ("{\"data\":[{\"start_time\":0,\"results\":[{\"input_tokens\":1e19}]}]}", 1, 53),
        ("{\"data\":[{\"start_time\":0,\"results\":[{\"amount\":{\"value\":1,\"currency\":\"eur\"}}]}]}", 1, 69),
        ("{\"data\":[{\"start_time\":0,\"results\":[{\"amount\":{}}]}]}", 1, 47),
        ("{\"data\":[{\"start_time\":1e18,\"results\":[]}]}", 1, 10), ("[1]", 1, 2),
    ])
    func `mistakes in pages are told with line and column`(text: String, line: Int, column: Int) throws {
        let error = try #require(throws: UsageImportError.self) { try UsageExport.openAI.read(Array(text.utf8)) }
        #expect(error.line == line && error.column == column, "\(error)")
    }

    @Test(arguments: [
        #"{"data":[{"starting_at":"yesterday","results":[]}]}"#,
        #"{"data":[{"starting_at":"2025-11-20T00:00:00+08:00","results":[]}]}"#,
        #"{"data":[{"starting_at":"2025-11-20T00:00:00Z","results":[{"amount":1.5}]}]}"#,
        #"{"data":[{"starting_at":"2025-11-20T00:00:00Z","results":[{"amount":"1e5"}]}]}"#,
        #"{"data":[{"starting_at":"2025-11-20T00:00:00Z","results":[{"amount":"1","currency":"EUR"}]}]}"#,
        #"{"data":[{"starting_at":"2025-11-20T00:00:00Z","results":[{"output_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":"x"}}]}]}"#,
    ])
    func `what Anthropic never says is not guessed at`(text: String) {
        #expect(throws: UsageImportError.self) { try UsageExport.anthropic.read(Array(text.utf8)) }
    }

    private var columns: UsageColumns {
        var columns = UsageColumns()
        columns.model = "model name"
        columns.key = "KEY"
        columns.input = "Input"
        columns.cacheRead = "Cached"
        columns.output = "Output"
        columns.cost = "Cost, USD"
        return columns
    }

    @Test func `tables are read by the names of their columns`() throws {
        let export = try UsageExport.csv(columns).read(try ExportFixture.bytes("table.csv"))
        #expect(export.lines.map(\.day.description) == ["2025-11-20", "2025-11-20", "2025-11-21"])
        #expect(export.lines.map(\.model) == ["gpt-5-mini-2025-08-07", "gpt-5-mini", "model \"x\",\nsecond line"])
        #expect(export.lines.map(\.key) == ["key_a", "key_b", nil])
        #expect(export.lines.map(\.requests) == [10, 1, nil])
        #expect(export.lines[0].usage?.input == 1_000 && export.lines[0].usage?.cacheRead == 400)
        #expect(export.lines.map(\.cost?.nanos) == [50_000_000, 100_000, 100])
    }

    @Test func `input may be without the cached tokens, and costs in cents`() throws {
        var columns = columns
        columns.inputIncludesCached = false
        columns.costIsInCents = true
        let text = "date,input,cached,cost, usd\n2025-11-20,600,400,5.5,\n"
        let quoted = text.replacingOccurrences(of: "cost, usd", with: "\"cost, usd\"").replacingOccurrences(
            of: ",\n",
            with: "\n"
        )
        let line = try #require(try UsageExport.csv(columns).read(Array(quoted.utf8)).lines.first)
        #expect(line.usage?.input == 1_000 && line.usage?.cacheRead == 400 && line.cost?.nanos == 55_000_000)
    }

    @Test(arguments: [
        ("", 0, 0), ("day,model\n", 1, 0), ("date,model\n", 1, 0), ("date,cost,COST\n", 1, 11),
        ("date,cost\n2025-11-20\n", 2, 0), ("date,cost\n2025-11-20,1,2\n", 2, 0),
        ("date,cost\n2025-13-20,1\n", 2, 1), ("date,cost\n2025-11-20,one\n", 2, 12),
        ("date,cost\n\"2025-11-20,1\n", 2, 1), ("date,cost\n\"2025-11-20\"x,1\n", 2, 13),
        ("date,cost\n2025-11-20,1\"2\n", 2, 13), ("date,cost\r2025", 1, 11),
        ("date,requests\n2025-11-20,-1\n", 2, 12), ("date,requests\n2025-11-20,99999999999999999999\n", 2, 12),
        ("date,cost,model\n2025-11-20,1,\"a\nb\"\n2025-11-21,x,c\n", 4, 12),
    ])
    func `mistakes in tables are told with line and column`(text: String, line: Int, column: Int) throws {
        let error = try #require(throws: UsageImportError.self) {
            try UsageExport.csv(UsageColumns()).read(Array(text.utf8))
        }
        #expect(error.line == line && error.column == column, "\(error)")
    }

    @Test func `bytes that are no text are refused`() throws {
        let bytes = Array("date,cost,model\n2025-11-20,1,".utf8) + [0xFF, 0x0A]
        let error = try #require(throws: UsageImportError.self) { try UsageExport.csv(UsageColumns()).read(bytes) }
        #expect(error.line == 2 && error.column == 14)
    }

    @Test(arguments: 0..<60) func `damaged exports are read or refused, and never trap`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let files: [(String, UsageExport)] = [
            ("openai-usage.json", .openAI), ("openai-costs.json", .openAI), ("anthropic-usage.json", .anthropic),
            ("anthropic-costs.json", .anthropic), ("table.csv", .csv(columns)),
        ]
        for (name, format) in files {
            var bytes = try ExportFixture.bytes(name)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: "9-,\"{e".utf8.shuffled(using: &random), at: place)
                }
            }
            do {
                let lines = try format.read(bytes).lines
                #expect(lines.allSatisfy { ($0.requests ?? 0) >= 0 && ($0.usage?.input ?? 0) >= 0 })
            } catch {
                #expect(error.line <= bytes.count && !error.reason.isEmpty)
            }
        }
    }

    @Test func `a file that is too large is not read at all`() {
        let bytes = [UInt8](repeating: 0x20, count: UsageImportLimits.bytes + 1)
        #expect(throws: UsageImportError.self) { try UsageExport.openAI.read(bytes) }
    }
}
