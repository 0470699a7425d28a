internal import SiraJSON
internal import SiraWire

/// A source of an answer, as Cohere's clients are told of it.
struct CohereCitation {
    private let citation: Citation
    private let id: String

    /// - Parameter call: the request, whose documents have ids that the client knows.
    init(_ citation: Citation, _ call: Call?) {
        self.citation = citation
        let documents = (call?.turns ?? []).flatMap(\.parts).compactMap { part -> Document? in
            if case .document(let document) = part.content { document } else { nil }
        }
        id =
            if let number = citation.document {
                documents.indices.contains(number)
                    ? documents[number].identifier ?? DocumentIdentifier.text(number)
                    : DocumentIdentifier.text(number)
            } else {
                citation.url ?? citation.title ?? ""
            }
    }

    /// The citation of a place in a section.
    func json(_ range: Range<Int>, in section: CohereSection) -> RawJSON {
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("start", range.lowerBound)
            $0.member("end", range.upperBound)
            if let words = section.words(range) { $0.member("text", words) }
            $0.array("sources") {
                $0.object {
                    $0.member("type", "document")
                    $0.member("id", id)
                    $0.object("document") {
                        $0.member("id", id)
                        if let title = citation.title { $0.member("title", title) }
                        if let quote = citation.quote { $0.member("text", quote) }
                        if let url = citation.url { $0.member("url", url) }
                    }
                }
            }
            $0.member("content_index", section.index)
            $0.member("type", section.kind == .thinking ? "THINKING_CONTENT" : "TEXT_CONTENT")
        }
        return RawJSON(bytes: json.bytes)
    }
}
