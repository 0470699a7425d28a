import Foundation
import SiraCore
import SiraLaneTesting
import SiraStorage
import SiraTelemetry
import SiraTenancy
import SiraTesting
import SiraWire
import Testing

@testable import SiraPipeline

@Suite struct PipelineTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.package.appendingPathComponent(path), encoding: .utf8)
    }

    private let stages = Stage.allCases.map(\.label.description)

    @Test func `the documentation names the stages that there are, in their order`() throws {
        let architecture = try text("docs/architecture.md")
        let line = try #require(architecture.split(separator: "\n").first { $0.contains(" → authenticate → ") })
        let chain = line.trimmingCharacters(in: .whitespaces).prefix { $0 != "(" }
        #expect(chain.components(separatedBy: "→").map { $0.trimmingCharacters(in: .whitespaces) } == stages)
        let rows = architecture.split(separator: "\n").compactMap { row -> String? in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count > 1, cells[1].hasPrefix("`Pipeline+") else { return nil }
            return cells[0]
        }
        #expect(rows == stages + ["refuse"])
        let metrics = try text("docs/metrics.md")
        let start = try #require(metrics.range(of: "The stages are those of"))
        let sentence = metrics[start.upperBound...].prefix(200).components(separatedBy: ". ")[0]
        let named = sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        #expect(named == stages)
    }

    @Test func `each stage is a file of its own`() throws {
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Self.package.appendingPathComponent("Sources/SiraPipeline").path
        )
        for stage in stages { #expect(files.contains("Pipeline+\(stage.capitalized).swift")) }
    }

    @Test func `of all that is wrong with a request the first stage's finding is told`() throws {
        var random = SeededRandom(seed: 1)
        let time = VirtualClock().now
        let pattern = try #require(ModelPattern("other"))
        let narrow = APIKey.issue(name: "narrow", allowedModels: [pattern], at: time, using: &random)
        let bench = try Bench(keys: [narrow.key])
        bench.lane.context.isDraining = true
        let unknown = #"{"model":"no such","messages":[{"role":"user","content":"Hi"}]}"#
        #expect(bench.ask("{", key: .some(nil)).code == "invalid_json")
        #expect(bench.ask(unknown, key: .some(nil)).code == "missing_api_key")
        #expect(bench.ask(unknown, key: narrow.text.reveal()).code == "model_not_allowed")
        #expect(bench.ask(unknown).code == "gateway_draining")
        bench.lane.context.isDraining = false
        #expect(bench.ask(unknown).code == "model_not_found")
        #expect(bench.lane.transport.requests.isEmpty)
    }

    @Test func `a request is counted while it runs and no longer`() throws {
        let bench = try Bench()
        bench.script(.silence)
        let client = bench.ask(Sample.chat)
        #expect(bench.lane.context.runningRequests == 1 && bench.lane.metric("sira_inflight_requests") == "1")
        client.abort.fire()
        bench.settle()
        bench.ask("{")
        #expect(bench.lane.context.runningRequests == 0 && bench.lane.metric("sira_inflight_requests") == "0")
    }

    @Test func `a request keeps the snapshot that it began with`() throws {
        let bench = try Bench()
        let answer = ScriptedAnswer(stream: [Sample.chunk("a")])
        bench.script(.answer(answer))
        let client = bench.ask(Sample.chatStream)
        var policy = GatewayPolicy()
        policy.sendsCostComment = false
        let old = bench.lane.context.snapshot
        bench.lane.context.snapshot = Snapshot(directory: old.directory, dialects: old.dialects, policy: policy)
        answer.send(Sample.done)
        bench.settle()
        #expect(client.body.contains(": x-sira-cost-usd:"))
    }
}
