import SiraCore
import SiraTesting
import SiraWire
import Testing

/// Translates all pairs of one kind from one format to another, and holds the results against what two independent
/// implementations agree on.
struct PairExam {
    let pairs: [Pair]
    private let from: String
    private let to: String
    /// Pairs on which Sira differs, by id, and why.
    private let excused: [String: String]

    /// - Parameter excused: for each pair that is not compared the reason.
    init(_ file: String, from: String, to: String, excusing excused: [String: String] = [:]) throws {
        pairs = try Pair.all(file, from: from, to: to)
        self.from = from
        self.to = to
        self.excused = excused
    }

    /// Requests of `from` as providers of `to` get them.
    func checkRequests() throws {
        let gateway = try gateway(client: from, provider: to)
        for pair in pairs where excused[pair.id] == nil {
            let written = try gateway.request(
                pair.input.json,
                model: pair.expected["model"].string ?? "model",
                path: WireFormat.path(from, isStream: pair.input["stream"] == .bool(true))
            )
            try compare(Tree(written.body), with: pair, format: to)
        }
    }

    /// Answers of providers of `from` as clients of `to` get them.
    func checkResponses() throws {
        let gateway = try gateway(client: to, provider: from)
        for pair in pairs { try compare(Tree(gateway.answer(pair.input.json)), with: pair, format: to) }
    }

    /// Streams of providers of `from` as clients of `to` get them, and the same cut at random places.
    func checkStreams() throws {
        let gateway = try gateway(client: to, provider: from)
        var random = SeededRandom(seed: 5)
        for pair in pairs {
            let sent = pair.sentStream(of: from)
            let found = try FoldedAnswer(to, gateway.stream([sent]).output)
            #expect(try FoldedAnswer(to, gateway.stream(sent.cut(using: &random)).output) == found, "\(pair.id)")
            let expected = try FoldedAnswer(to, Array((pair.expected.string ?? "").utf8))
            guard excused[pair.id] == nil else { continue }
            for path in pair.agreed {
                #expect(found.tree.at(path) == expected.tree.at(path), "\(pair.id) \(pair.name) \(path)")
            }
        }
    }

    /// Streams of providers of `from`, for clients of `to` that want the answer whole: the texts, the calls and the
    /// reasons to stop of the answer that is expected.
    func checkAggregates() throws {
        let gateway = try gateway(client: to, provider: from)
        for pair in pairs where excused[pair.id] == nil {
            let found = try Tree(gateway.whole(fromStream: pair.sentStream(of: from)))
            for path in [
                ".content", ".choices.0.message", ".choices.1.message", ".choices.0.finish_reason", ".stop_reason",
            ] {
                let wanted = pair.expected.at(path)
                guard !wanted.isNull else { continue }
                #expect(found.at(path).said == wanted.said, "\(pair.id) \(pair.name) \(path)")
            }
        }
    }

    /// Requests of `from` that cannot be expressed in `to` in full: each is refused, or what is lost is named.
    func checkUntranslatable() throws {
        let gateway = try gateway(client: from, provider: to)
        for pair in pairs where excused[pair.id] == nil {
            let written = try? gateway.request(pair.input.json, path: WireFormat.path(from))
            #expect(written?.dropped.isEmpty != true, "\(pair.id) \(pair.name): \(pair.expected.string ?? "")")
        }
    }

    /// Requests that say the same in `from` and `to`: what is written holds every text of the other.
    func checkEquivalents() throws {
        let gateway = try gateway(client: from, provider: to)
        for pair in pairs where excused[pair.id] == nil {
            let written = try gateway.request(pair.input.json, path: WireFormat.path(from))
            let texts = try Tree(written.body).texts
            for text in pair.expected.texts.intersection(pair.input.texts) {
                #expect(texts.contains(text), "\(pair.id) \(pair.name): \(text)")
            }
        }
    }

    private func gateway(client: String, provider: String) throws -> Gateway {
        Gateway(
            client: try #require(WireFormat.dialect(client), "\(client)"),
            provider: try #require(WireFormat.dialect(provider), "\(provider)")
        )
    }

    private func compare(_ tree: Tree, with pair: Pair, format: String) throws {
        guard excused[pair.id] == nil else { return }
        var (found, expected) = (tree.normalized(), pair.expected.normalized())
        // Google takes both spellings.
        if format == "gemini.generateContent" { (found, expected) = (found.camelCased(), expected.camelCased()) }
        for path in pair.agreed {
            #expect(found.at(path) == expected.at(path), "\(pair.id) \(pair.name) \(path)")
        }
    }
}

extension Tree {
    /// What is said and called, without proofs, ids of protocols and members that only frame it.
    fileprivate var said: Tree {
        switch self {
        case .object(let members):
            let kept = ["type", "text", "thinking", "name", "input", "arguments", "content", "function", "tool_calls"]
            return .object(members.filter { kept.contains($0.key) && !$0.value.isNull }.mapValues(\.said)).normalized()
        case .array(let elements): return .array(elements.map(\.said))
        default: return self
        }
    }
}

extension Pair {
    /// The provider's stream, as it would have sent it.
    func sentStream(of format: String) -> [UInt8] {
        switch inputFormat {
        case "aws-eventstream-b64": return Base64Text.decoded(input.string ?? "")
        case "sse", "ndjson": return Array((input.string ?? "").utf8)
        default: break
        }
        guard format != "bedrock.converse" else {
            return input.elements.flatMap { event in
                event.members.flatMap { name, payload in
                    EventStreamBytes.message([":event-type": name, ":message-type": "event"], payload.json)
                }
            }
        }
        var sent: [UInt8] = []
        for event in input.elements {
            if ["anthropic.messages", "openai.responses"].contains(format) {
                sent += "event: \(event["type"].string ?? "")\n".utf8
            }
            sent += Array("data: ".utf8) + event.json + Array("\n\n".utf8)
        }
        return format == "openai.chat" ? sent + Array("data: [DONE]\n\n".utf8) : sent
    }
}
