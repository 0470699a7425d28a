internal import SiraJSON
internal import SiraWire

/// A content block of an answer that is being written.
struct ConverseBlock {
    enum Kind: Equatable {
        case text, thinking, redacted
        case tool(id: String, name: String)
        case image(format: String)
        case native(RawJSON)

        /// Whether a stream announces the block.
        var hasStart: Bool {
            switch self {
            case .tool, .image: true
            case .text, .thinking, .redacted, .native: false
            }
        }
    }

    let part: Int
    let kind: Kind
    /// What a whole answer has gathered: text, thoughts, arguments, or base 64.
    var text = ""
    var signature = ""
    var citations: [RawJSON] = []

    init(part: Int, kind: Kind) {
        self.part = part
        self.kind = kind
    }

    /// Writes the members of `start`.
    func writeStart(into json: inout JSONWriter) {
        switch kind {
        case .tool(let id, let name):
            json.object("toolUse") {
                $0.member("toolUseId", id)
                $0.member("name", name)
            }
        case .image(let format): json.object("image") { $0.member("format", format) }
        case .text, .thinking, .redacted, .native: break
        }
    }

    func write(into json: inout JSONWriter) {
        if case .native(let block) = kind { return json.element(block) }
        json.object {
            switch kind {
            case .text where citations.isEmpty:
                $0.member("text", text)
            case .text:
                $0.object("citationsContent") {
                    $0.array("content") { $0.object { $0.member("text", text) } }
                    $0.array("citations") {
                        for citation in citations { $0.element(citation) }
                    }
                }
            case .thinking:
                $0.object("reasoningContent") {
                    $0.object("reasoningText") {
                        $0.member("text", text)
                        if !signature.isEmpty { $0.member("signature", signature) }
                    }
                }
            case .redacted:
                $0.object("reasoningContent") { $0.member("redactedContent", text) }
            case .tool(let id, let name):
                $0.object("toolUse") {
                    $0.member("toolUseId", id)
                    $0.member("name", name)
                    $0.member("input", input)
                }
            case .image(let format):
                $0.object("image") {
                    $0.member("format", format)
                    $0.object("source") { $0.member("bytes", text) }
                }
            case .native: break  // written above
            }
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

    /// A citation in Bedrock's words.
    static func citation(_ citation: Citation) -> RawJSON {
        if citation.dialect == .bedrock { return citation.raw }
        var json = JSONWriter(capacity: 256)
        json.object {
            if let title = citation.title { $0.member("title", title) }
            if let quote = citation.quote {
                $0.array("sourceContent") { $0.object { $0.member("text", quote) } }
            }
            if let url = citation.url { $0.object("location") { $0.object("web") { $0.member("url", url) } } }
        }
        return RawJSON(bytes: json.bytes)
    }
}
