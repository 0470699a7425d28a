import SiraBedrock
import SiraCore
import SiraJSON
import SiraTesting
import SiraWire
import Testing

/// What is left out of a request is named by paths that the client's request has.
@Suite struct DroppedPathTests {
    private let indexer = JSONIndexer()

    /// Whether the request has something at the path; `[]` stands for any element of a list.
    private static func has(_ path: String, in tree: Tree) -> Bool {
        var steps: [Substring] = []
        for name in path.split(separator: ".") {
            let pieces = name.split(separator: "[", omittingEmptySubsequences: false)
            steps += [pieces[0]] + pieces.dropFirst().map { $0.dropLast() }
        }
        return has(steps[...], in: tree)
    }

    private static func has(_ steps: ArraySlice<Substring>, in tree: Tree) -> Bool {
        guard let step = steps.first else { return true }
        if step.isEmpty { return tree.elements.contains { has(steps.dropFirst(), in: $0) } }
        let next = tree[String(step)]
        return !next.isNull && has(steps.dropFirst(), in: next)
    }

    @Test func `a path is found where it is, and not where it is not`() throws {
        let tree = try Tree(#"{"a":[{"b":1},{"c":[{"d":2}]}]}"#.utf8)
        for path in ["a", "a[0].b", "a[].b", "a[].c[].d", "a[1].c[0]"] { #expect(Self.has(path, in: tree)) }
        for path in ["b", "a[1].b", "a[].d", "a[2]", "a.b"] { #expect(!Self.has(path, in: tree)) }
    }

    /// What each client's own writer can say; what a random call has besides, it names, and is not in the request.
    @Test(arguments: ConformanceTests.clients.map(\.name))
    func `what is left out is where the path says`(name: WireProtocol) throws {
        let client = try #require(ConformanceTests.clients.first { $0.name == name })
        let reader = try #require(client.client)
        let own = try #require(client.provider)
        var target = TargetModel(name: "gemini-3-claude", quirks: Quirks(), thinks: true)
        target.quirks.takesAllowedTools = true
        target.quirks.thoughtsField = .reasoningContent
        if name == .bedrock { target.name = "anthropic.claude-sonnet-4-5" }
        var seen: Set<String> = []
        // Alone, features are carried to more providers than together.
        var sets = CallFeature.allCases.map { Set([$0, .tools, .documentData, .thoughts, .documentText]) }
        sets += CallFeature.allCases.map { Set([$0, .tools]) }
        sets.append(Set(CallFeature.allCases).subtracting([.answers, .audio, .fileIDs, .documentURLs]))
        for (seed, features) in sets.enumerated() {
            var random = RandomCall(seed: UInt64(seed), features: features)
            for _ in 0..<20 {
                guard let written = try? own.writeCall(random.next(), to: target, indexer: indexer) else { continue }
                let tree = try Tree(written.body)
                let path = PathFacts(model: "m")
                let call = try indexer.read(written.body) { try reader.readCall($0, path: path) }
                for provider in ConformanceTests.providers where provider.name != name {
                    let other = TargetModel(name: "model", quirks: Quirks(), thinks: true)
                    guard let passed = try? provider.provider?.writeCall(call, to: other, indexer: indexer) else {
                        continue
                    }
                    for path in passed.dropped where seen.insert("\(provider.name) \(path)").inserted {
                        #expect(
                            Self.has(path, in: tree),
                            "\(path) to \(provider.name): \(String(decoding: written.body, as: UTF8.self))"
                        )
                    }
                }
            }
        }
        #expect(!seen.isEmpty)
    }

    private func dropped(_ body: String, of client: any Dialect, to provider: WireProtocol) throws -> [String] {
        let provider = try #require(ConformanceTests.providers.first { $0.name == provider })
        return try Gateway(client: client, provider: provider).request(Array(body.utf8)).dropped
    }

    @Test func `marks and fields of Converse's are named as Converse has them`() throws {
        let body = #"""
            {"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],
            "messages":[{"role":"user","content":[{"text":"x"}]}],
            "additionalModelRequestFields":{"top_k":5}}
            """#
        let names = try dropped(body, of: BedrockDialect(), to: .openai)
        #expect(Set(names) == ["system[1].cachePoint", "additionalModelRequestFields.top_k"])
    }

    @Test func `a file's name is named where chat completions have it`() throws {
        let chat = try #require(ConformanceTests.clients.first { $0.name == .openai })
        let file = #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAEC"}}"#
        let body = #"{"model":"m","messages":[{"role":"user","content":[\#(file)],"cache_control":{"type":"ephemeral"}}]}"#
        let names = try dropped(body, of: chat, to: .gemini)
        #expect(Set(names) == ["messages[0].content[0].file.filename", "messages[0].cache_control"])
    }
}
