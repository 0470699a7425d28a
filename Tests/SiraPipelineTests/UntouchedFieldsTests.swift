import Foundation
import NIOCore
import SiraCore
import SiraJSON
import SiraLaneTesting
import SiraPipeline
import SiraTesting
import SiraWire
import Testing

/// A protocol in which client and provider understand one another, and where its recordings are.
struct PassingProtocol: CustomTestStringConvertible, Sendable {
    let name: String
    let operation: SiraWire.Operation
    /// The bench's model of a provider that speaks it.
    let model: String
    let file: String
    let api: String

    var testDescription: String { name }

    static let all = [
        PassingProtocol(name: "chat", operation: .chat, model: "small", file: "openai", api: "chat"),
        PassingProtocol(name: "messages", operation: .messages, model: "sonnet", file: "anthropic", api: "messages"),
    ]

    /// Recorded requests and answers, the shorter ones.
    func recordings() throws -> [(request: [UInt8], answer: String, isStream: Bool)] {
        var found: [(request: [UInt8], answer: String, isStream: Bool)] = []
        for line in try SharedData.lines(of: "recordings/\(file).jsonl.gz") where line.count < 40_000 {
            guard let recording = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                recording["api"] as? String == api, recording["status"] as? Int == 200,
                var request = recording["request_body"] as? [String: Any],
                let answer = recording["response_body"] as? String
            else { continue }
            // Nothing is to be spliced: the name is the provider's own, and figures are asked for.
            request["model"] = model
            let isStream = request["stream"] as? Bool == true
            if isStream, operation == .chat { request["stream_options"] = ["include_usage": true] }
            let body = try JSONSerialization.data(withJSONObject: request)
            found.append((Array(body), answer, isStream))
            if found.count == 60 { break }
        }
        return found
    }
}

@Suite(.enabled(if: SharedData.isAvailable, "the shared recordings are not here"))
struct UntouchedFieldsTests {
    private static let unknown = #""x_novelty":{"a":[1.50,"\u00e9",null,{}],"b":""}"#

    @Test(arguments: PassingProtocol.all)
    func `a field that nobody knows passes, wherever it stands in a request or an answer`(
        passing: PassingProtocol
    ) throws {
        let recordings = try passing.recordings()
        #expect(recordings.count > 20)
        var policy = GatewayPolicy()
        policy.sendsCostComment = false
        let bench = try Bench(policy: policy)
        for (request, answer, isStream) in recordings {
            let body = try Self.widened(request)
            #expect(body.count > request.count)
            let sent =
                isStream
                ? try Self.widened(stream: answer) : String(decoding: try Self.widened(answer.utf8), as: UTF8.self)
            let provider = isStream ? ScriptedAnswer(stream: [sent]) : ScriptedAnswer(json: sent)
            if isStream { provider.end() }
            bench.script(.answer(provider))
            let client = bench.ask(String(decoding: body, as: UTF8.self), passing.operation)
            bench.settle()
            #expect(client.status == 200)
            #expect(client.body == sent)
            let received = try #require(bench.lane.transport.requests.last)
            #expect(Array(received.body.readableBytesView) == body)
        }
    }

    /// The text with an unknown member in front of the others of each object.
    private static func widened(_ text: some Sequence<UInt8>) throws -> [UInt8] {
        let text = Array(text)
        var places: [(at: Int, isEmpty: Bool)] = []
        try JSONIndexer().read(text, limits: .answer) { root in
            var open = [root]
            while let value = open.popLast() {
                open += value.elements.map { $0 } + value.members.map(\.value)
                guard value.kind == .object else { continue }
                places.append((value.span.lowerBound + 1, !value.members.contains { _ in true }))
            }
        }
        var result: [UInt8] = []
        var at = 0
        for place in places.sorted(by: { $0.at < $1.at }) {
            result += text[at..<place.at] + Array(unknown.utf8) + (place.isEmpty ? [] : [UInt8(ascii: ",")])
            at = place.at
        }
        return result + text[at...]
    }

    private static func widened(stream: String) throws -> String {
        try stream.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasPrefix("data: {") else { return String(line) }
            return "data: " + String(decoding: try widened(line.dropFirst(6).utf8), as: UTF8.self)
        }.joined(separator: "\n")
    }
}
