internal import SiraJSON
internal import SiraWire

/// A content of an answer, or a call of a tool: what Cohere's clients are told piece by piece.
struct CohereSection {
    enum Kind: Hashable {
        case text
        case thinking
        case call(id: String, name: String)

        var isCall: Bool { if case .call = self { true } else { false } }
    }

    /// The answer's part.
    let part: Int
    let kind: Kind
    /// Its number among contents, or among calls.
    let index: Int
    /// What is said; of a stream only so much that citations can repeat it, and nil where it has become more.
    private(set) var text: String? = ""
    /// Unicode scalars of the text.
    private(set) var length = 0
    /// Citations that do not say what they are about: all of the part.
    var citations: [Citation] = []

    init(part: Int, kind: Kind, index: Int) {
        self.part = part
        self.kind = kind
        self.index = index
    }

    /// How much of a stream's text is held, in bytes.
    private static let most = 65_536

    mutating func append(_ piece: String, isStream: Bool) {
        length += piece.unicodeScalars.count
        guard !(isStream && kind != .text) else { return }
        text? += piece
        if isStream, let held = text, held.utf8.count > Self.most { text = nil }
    }

    /// Forgets a stream's text, which nothing can cite any more.
    mutating func forget() { text = nil }

    /// The words at that place; nil where they are not held.
    func words(_ range: Range<Int>) -> String? {
        guard let scalars = text?.unicodeScalars, range.upperBound <= length else { return nil }
        let start = scalars.index(scalars.startIndex, offsetBy: range.lowerBound)
        return String(scalars[start..<scalars.index(start, offsetBy: range.count)])
    }

    /// Writes it as a member of a whole answer.
    func write(into json: inout JSONWriter) {
        json.object {
            switch kind {
            case .text:
                $0.member("type", "text")
                $0.member("text", text ?? "")
            case .thinking:
                $0.member("type", "thinking")
                $0.member("thinking", text ?? "")
            case .call(let id, let name): Self.writeCall(id, name, text ?? "", into: &$0)
            }
        }
    }

    /// Writes what begins it in a stream.
    func writeStart(into json: inout JSONWriter) {
        switch kind {
        case .text:
            json.object("content") {
                $0.member("type", "text")
                $0.member("text", "")
            }
        case .thinking:
            json.object("content") {
                $0.member("type", "thinking")
                $0.member("thinking", "")
            }
        case .call(let id, let name):
            json.object("tool_calls") { Self.writeCall(id, name, "", into: &$0) }
        }
    }

    /// Writes a piece of it in a stream.
    func writeDelta(_ piece: String, into json: inout JSONWriter) {
        switch kind {
        case .text: json.object("content") { $0.member("text", piece) }
        case .thinking: json.object("content") { $0.member("thinking", piece) }
        case .call:
            json.object("tool_calls") {
                $0.object("function") { $0.member("arguments", piece) }
            }
        }
    }

    private static func writeCall(_ id: String, _ name: String, _ arguments: String, into json: inout JSONWriter) {
        json.member("id", id)
        json.member("type", "function")
        json.object("function") {
            $0.member("name", name)
            $0.member("arguments", arguments)
        }
    }
}
