internal import SiraJSON
internal import SiraWire

/// A content block of an answer that is being written.
struct MessageBlock {
    enum Kind {
        case text, thinking
        case redacted(String)
        case tool(id: String, name: String)
        case media(Media)
        case native(RawJSON)
    }

    let part: Int
    let kind: Kind
    /// What a whole answer has gathered: text, thoughts, or arguments.
    var text = ""
    var signature = ""
    var citations: [RawJSON] = []

    init(part: Int, kind: Kind) {
        self.part = part
        self.kind = kind
    }

    func write(into json: inout JSONWriter) {
        if case .native(let block) = kind {
            json.element(block)
            return
        }
        json.object {
            switch kind {
            case .text:
                $0.member("type", "text")
                $0.member("text", text)
                guard !citations.isEmpty else { return }
                $0.array("citations") {
                    for citation in citations { $0.element(citation) }
                }
            case .thinking:
                $0.member("type", "thinking")
                $0.member("thinking", text)
                $0.member("signature", signature)
            case .redacted(let data):
                $0.member("type", "redacted_thinking")
                $0.member("data", data)
            case .tool(let id, let name):
                $0.member("type", "tool_use")
                $0.member("id", id)
                $0.member("name", name)
                $0.member("input", input)
            case .media(let media):
                $0.member("type", "image")
                $0.object("source") { Self.writeSource(media, into: &$0) }
            case .native: break
            }
        }
    }

    /// Writes where a picture is, as requests do: answers of messages have none of their own.
    private static func writeSource(_ media: Media, into json: inout JSONWriter) {
        switch media {
        case .url(let url):
            json.member("type", "url")
            json.member("url", url)
        case .base64(let type, let data):
            json.member("type", "base64")
            json.member("media_type", type)
            json.member("data", data)
        case .file(let id):
            json.member("type", "file")
            json.member("file_id", id)
        }
    }

    /// The arguments as the object that they must be.
    ///
    /// What a model wrote wrongly is shown under a name that says so.
    private var input: RawJSON {
        guard !text.isEmpty else { return RawJSON("{}") }
        let bytes = Array(text.utf8)
        let isObject = try? JSONIndexer().read(bytes, limits: .answer) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: bytes) }
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", text) }
        return RawJSON(bytes: json.bytes)
    }
}
