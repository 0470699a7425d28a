internal import SiraJSON
internal import SiraWire

/// A source of an answer, as Cohere's clients are told of it.
struct CohereCitation {
    private let citation: Citation
    private let id: String

    /// - Parameter documents: the ids of the request's documents, as the client knows them.
    init(_ citation: Citation, _ documents: [String]) {
        self.citation = citation
        id =
            if let number = citation.document {
                documents.indices.contains(number) ? documents[number] : DocumentIdentifier.text(number)
            } else {
                citation.url ?? citation.title ?? ""
            }
    }

    /// What a client calls the documents of its request, in their order.
    static func identifiers(_ call: Call?) -> [String] {
        let documents = (call?.turns ?? []).flatMap(\.parts).compactMap { part -> Document? in
            if case .document(let document) = part.content { document } else { nil }
        }
        return documents.enumerated().map { $1.identifier ?? DocumentIdentifier.text($0) }
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
