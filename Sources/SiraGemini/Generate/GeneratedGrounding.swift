internal import SiraJSON
internal import SiraWire

/// The sources of an answer that is being written, and which of its words draw on them.
struct GeneratedGrounding {
    /// The text of the part that is being written; nil once it is too long to be kept.
    private var open: (part: Int, text: String?) = (-1, "")
    /// Bytes of text before that part, and where the last citation ended.
    private var before = 0
    /// Whether a text was too long to be kept, so that places after it are not known.
    private var isLost = false
    private var cited = 0
    private var sources: [Citation] = []
    private var supports: [(range: Range<Int>, source: Int)] = []

    /// More sources than this are not told: no stream is collected whole.
    private static let mostSources = 4_096

    mutating func add(_ text: String, to part: Int, limit: Int) {
        if open.part != part {
            if open.text == nil { isLost = true }
            before += open.text?.utf8.count ?? 0
            cited = before
            open = (part, "")
        }
        guard let size = open.text?.utf8.count else { return }
        if size + text.utf8.count > limit { open.text = nil } else { open.text?.append(text) }
    }

    /// Takes a source; Google's own are told with the grounding as Google wrote it, where it is known.
    mutating func cite(_ citation: Citation, _ part: Int) {
        guard sources.count < Self.mostSources else { return }
        let index = sources.firstIndex { $0.raw == citation.raw || ($0.url != nil && $0.url == citation.url) }
        if index == nil { sources.append(citation) }
        guard part == open.part, !isLost, supports.count < Self.mostSources, let text = open.text else { return }
        let end = before + text.utf8.count
        var range = min(cited, end)..<end
        if let scalars = citation.range, let bytes = ScalarPlaces(text).bytes(ofRange: scalars) {
            range = before + bytes.lowerBound..<before + bytes.upperBound
        } else {
            cited = end
        }
        if !range.isEmpty { supports.append((range, index ?? sources.count - 1)) }
    }

    func write(into json: inout JSONWriter) {
        guard !sources.isEmpty else { return }
        json.object("groundingMetadata") {
            $0.array("groundingChunks") {
                for source in sources { Self.write(source, into: &$0) }
            }
            guard !supports.isEmpty else { return }
            $0.array("groundingSupports") {
                for support in supports {
                    $0.object {
                        $0.object("segment") {
                            $0.member("startIndex", support.range.lowerBound)
                            $0.member("endIndex", support.range.upperBound)
                        }
                        $0.array("groundingChunkIndices") { $0.element(support.source) }
                    }
                }
            }
        }
    }

    private static func write(_ source: Citation, into json: inout JSONWriter) {
        json.object {
            $0.object(source.url == nil ? "retrievedContext" : "web") {
                if let url = source.url { $0.member("uri", url) }
                if let title = source.title { $0.member("title", title) }
                if let quote = source.quote { $0.member("text", quote) }
            }
        }
    }
}
