import Foundation
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

/// Every client's protocol against every provider's, feature by feature: `docs/conformance.md` is what these find.
@Suite struct ConformanceTests {
    /// The protocols of clients.
    static let clients: [any Dialect] = [
        OpenAIDialect(), ResponsesDialect(), AnthropicDialect(), GeminiDialect(), BedrockDialect(), CohereDialect(),
    ]
    /// The protocols of providers.
    static let providers: [any Dialect] = [
        OpenAIDialect(), ResponsesDialect(), AnthropicDialect(), GeminiDialect(), BedrockDialect(), CohereDialect(),
        OllamaDialect(),
    ]
    private let indexer = JSONIndexer()

    @Test func `no cell is silent, and the document says what each is`() throws {
        var document = ConformanceDocument()
        for client in Self.clients {
            var requests = ConformanceTable(Self.providers.map(\.name))
            for feature in RequestFeature.all {
                requests.add(feature.name, try Self.providers.map { try request(feature, from: client, to: $0) })
            }
            var answers = ConformanceTable(Self.providers.map(\.name))
            for sample in AnswerSample.all {
                answers.add(sample.name, try Self.providers.map { try answer(sample, of: $0, to: client) })
            }
            document.add(client.name, requests, answers)
        }
        try expectGolden("docs/conformance.md", document.text)
    }

    /// What becomes of the feature in a request.
    private func request(
        _ feature: RequestFeature,
        from client: any Dialect,
        to provider: any Dialect
    ) throws -> Cell {
        guard let body = try feature.request(of: client, indexer: indexer) else { return .unsayable }
        guard client.name != provider.name else { return .untouched }
        let reader = try #require(client.client)
        guard let writer = provider.provider else { return .unsayable }
        do {
            let call = try indexer.read(body) { try reader.readCall($0, path: PathFacts(model: "model")) }
            let target = TargetModel(name: "model", quirks: Quirks(), thinks: true)
            let written = try writer.writeCall(call, to: target, indexer: indexer)
            let isNeedless = feature.needless.contains(provider.name) && written.dropped.isEmpty
            if feature.isIn(written.body) || isNeedless { return .carried }
            #expect(!written.dropped.isEmpty, "\(feature.name) from \(client.name) to \(provider.name) is lost")
            return .dropped
        } catch let error as GatewayError {
            #expect(error.status == 400, "\(feature.name) from \(client.name) to \(provider.name): \(error)")
            return .refused
        }
    }

    /// What becomes of the feature in an answer, whole and streamed.
    private func answer(_ sample: AnswerSample, of provider: any Dialect, to client: any Dialect) throws -> Cell {
        guard client.name != provider.name else { return .untouched }
        var cells: Set<Cell> = []
        for isStream in [false, true] {
            guard let sent = sample.body(of: provider, isStream: isStream), sample.isIn(sent.bytes) else {
                return .unsayable
            }
            let events = try events(of: sent.bytes, from: provider, isStream: isStream)
            let told = try #require(sample.body(of: client, isStream: isStream, events))
            if sample.isIn(told.bytes) {
                cells.insert(.carried)
            } else if sample.isFigure || sample.mayBePartial, told.dropped.isEmpty {
                cells.insert(sample.isFigure ? .booked : .partly)
            } else {
                #expect(!told.dropped.isEmpty, "\(sample.name) from \(provider.name) to \(client.name) is lost")
                cells.insert(.dropped)
            }
        }
        return [Cell.dropped, .booked, .partly].first { cells.contains($0) } ?? .carried
    }

    private func events(of body: [UInt8], from provider: any Dialect, isStream: Bool) throws -> [AnswerEvent] {
        var reader = try #require(provider.provider).makeReader(isStream: isStream, quirks: Quirks())
        var events: [AnswerEvent] = []
        if isStream {
            try Gateway.forEachEvent(in: [body], provider.framing) {
                try reader.read($0, indexer: indexer, into: &events)
            }
        } else {
            try body.withUnsafeBytes { try reader.read($0, indexer: indexer, into: &events) }
        }
        reader.finish(into: &events)
        return events
    }

    private func expectGolden(_ path: String, _ text: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let url = root.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let stored = try String(contentsOf: url, encoding: .utf8)
        #expect(stored == text, "\(path) is not what would be generated; run the tests with UPDATE_GOLDEN=1")
    }
}
