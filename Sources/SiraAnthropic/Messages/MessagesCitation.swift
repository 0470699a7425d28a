internal import SiraJSON
internal import SiraWire

extension Citation {
    /// Reads a citation as messages have it, of any of its kinds.
    init(message json: JSONValue) {
        let isSearchResult = json["type"]?.isString("search_result_location") == true
        self.init(
            // The source of a search result that the client gave is whatever the client calls it, mostly a URL.
            url: json["url"]?.string ?? (isSearchResult ? json["source"]?.string : nil),
            title: json["title"]?.string ?? json["document_title"]?.string,
            dialect: .anthropic,
            raw: json.rawJSON
        )
        quote = json["cited_text"]?.string
        document = json["document_index"]?.integer.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    }

    /// The citation as messages have it: Anthropic's own as it was written, another provider's as the kind that is
    /// nearest.
    ///
    /// Where in a document the words stand, others do not tell; 0 stands there then.
    var message: RawJSON {
        guard dialect != .anthropic else { return raw }
        var json = JSONWriter(capacity: 256)
        json.object {
            if let document {
                $0.member("type", "char_location")
                $0.member("cited_text", quote ?? "")
                $0.member("document_index", document)
                writeTitle("document_title", into: &$0)
                $0.member("start_char_index", 0)
                $0.member("end_char_index", 0)
            } else if let url {
                $0.member("type", "web_search_result_location")
                $0.member("cited_text", quote ?? "")
                $0.member("url", url)
                writeTitle("title", into: &$0)
                $0.member("encrypted_index", "")
            } else {
                $0.member("type", "search_result_location")
                $0.member("cited_text", quote ?? "")
                $0.member("source", title ?? "")
                writeTitle("title", into: &$0)
                $0.member("search_result_index", 0)
                $0.member("start_block_index", 0)
                $0.member("end_block_index", 0)
            }
        }
        return RawJSON(bytes: json.bytes)
    }

    private func writeTitle(_ key: StaticString, into json: inout JSONWriter) {
        if let title { json.member(key, title) } else { json.null(key) }
    }
}
