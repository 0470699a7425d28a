import SiraCore
import SiraJSON
import SiraWire

/// The things at the operator's account that a request's JSON names, by ids that its provider understands.
struct NamedThings {
    /// The id of a file and where the request names it.
    struct File: Hashable {
        let id: String
        let path: String
    }

    private(set) var files: [File] = []
    /// The conversation that is kept at a provider (Responses); not the answer that is gone on from.
    private(set) var conversation: String?
    /// The answer that is gone on from (Responses).
    private(set) var previous: String?

    /// The most files that one request may name.
    static let limit = 500

    /// Reads a request's JSON.
    ///
    /// Files are named by `file_id` and `file_ids`, and in Gemini's protocol by the address in `fileUri`, wherever they
    /// stand but in what is nobody's but the client's own (arguments and schemas of tools, and notes), and in what a
    /// model has said, which clients repeat: it tells of files, and hands none over.
    init(_ json: JSONValue) {
        conversation = json["conversation"].flatMap { $0.string ?? $0["id"]?.string }
        previous = json["previous_response_id"]?.string
        look(at: json, path: "")
    }

    /// Whether a body may name anything, told by its bytes alone: nearly all do not, and are not walked through.
    ///
    /// - Parameter isPassage: whether it goes to the provider as it is, so that nobody else looks at what it goes on from.
    static func mayBe(in body: UnsafeRawBufferPointer, _ wire: WireProtocol, isPassage: Bool = false) -> Bool {
        switch wire {
        case .openai, .anthropic: body.contains("file_id") || hidesLetters(body)
        case .responses:
            body.contains("file_id") || body.contains("\"conversation\"")
                || (isPassage && body.contains("\"previous_response_id\"")) || hidesLetters(body)
        case .gemini: body.contains("fileUri") || body.contains("file_uri") || hidesLetters(body)
        case .bedrock, .cohere, .ollama: false
        }
    }

    /// Whether a letter of the keys that are looked for may be written as `\u00XX`, so that they cannot be told by their
    /// bytes.
    ///
    /// Those letters are all from `\u0050` on. Below are the signs that writers of JSON for web pages escape.
    private static func hidesLetters(_ body: UnsafeRawBufferPointer) -> Bool {
        // By the backslash alone, for which there is the fastest search: most bodies have none, or few.
        var start = 0
        while let found = body.firstOffset(of: "\\", from: start) {
            // A backslash escapes what follows, be it another one.
            start = found + 2
            guard found + 4 < body.count else { return false }
            let isLow =
                body[found + 1] == UInt8(ascii: "u") && body[found + 2] == UInt8(ascii: "0")
                && body[found + 3] == UInt8(ascii: "0")
            if isLow, (UInt8(ascii: "5")...UInt8(ascii: "7")).contains(body[found + 4]) { return true }
        }
        return false
    }

    private mutating func look(at value: JSONValue, path: String) {
        switch value.kind {
        case .array:
            for (index, element) in value.elements.enumerated() {
                look(at: element, path: "\(path)[\(index)]")
            }
        case .object:
            // What a tool is called with is a matter between client and model.
            let type = path.isEmpty ? nil : value["type"]?.string
            if let type, Self.toldOf.contains(type) { return }
            let isCall = type.map { $0 == "tool_use" || $0.hasSuffix("_tool_use") } ?? false
            for (key, member) in value.members {
                guard files.count <= Self.limit else { return }
                guard let name = key.string else { continue }
                let place = path.isEmpty ? name : "\(path).\(name)"
                switch name {
                case "file_id": note(member, place)
                case "file_ids":
                    for (index, id) in member.elements.enumerated() { note(id, "\(place)[\(index)]") }
                case "fileUri", "file_uri": noteAddress(member, place)
                case "input" where isCall: continue
                case _ where Self.opaque.contains(name): continue
                default: look(at: member, path: place)
                }
            }
        case .null, .bool, .number, .string:
            break
        }
    }

    private mutating func note(_ value: JSONValue, _ path: String) {
        guard let id = value.string, !id.isEmpty else { return }
        files.append(File(id: id, path: path))
    }

    /// Addresses of Google's store of files belong to the account; others are read by whoever may.
    private mutating func noteAddress(_ value: JSONValue, _ path: String) {
        guard let address = value.string else { return }
        let plain = PercentEncoding.decoded(address[...]).lowercased()
        var rest = plain[...]
        if let scheme = plain.firstRange(of: "://") {
            rest = plain[scheme.upperBound...]
            let host = rest.prefix { $0 != "/" }
            guard host.contains("generativelanguage") else { return }
        }
        guard let folder = rest.firstRange(of: "files/") else { return }
        files.append(File(id: String(rest[folder.upperBound...]), path: path))
    }

    /// Members that hold what the client likes.
    private static let opaque: Set<String> = [
        "metadata", "labels", "parameters", "parametersJsonSchema", "input_schema", "inputSchema", "schema",
        "json_schema", "output_schema", "responseSchema", "responseJsonSchema", "args", "arguments", "response",
        "annotations", "citations", "results",
    ]

    /// Kinds of what a model's own tools have made, in the words that a client repeats.
    private static let toldOf: Set<String> = [
        "file_citation", "container_file_citation", "file_path", "code_execution_output", "bash_code_execution_output",
    ]
}
