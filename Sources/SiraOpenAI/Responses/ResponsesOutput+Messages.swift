internal import SiraJSON
internal import SiraWire

extension ResponsesOutput {
    mutating func say(
        _ text: String,
        part: Int,
        isRefusal: Bool,
        _ figures: [TokenLogprob],
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        let at = openContent(part, isRefusal: isRefusal, &stream, &bytes)
        let last = open[at].contents.count - 1
        open[at].contents[last].text += text
        open[at].contents[last].length += text.unicodeScalars.count
        open[at].contents[last].logprobs += figures
        length += text.utf8.count
        let place = open[at].contents[last].place
        if isRefusal {
            stream.write(piece: text, as: "response.refusal.delta", at: place, into: &bytes)
        } else {
            let figures = figures.isEmpty ? Self.noFigures : Self.members(figures)
            stream.write(piece: text, as: "response.output_text.delta", at: place, figures, into: &bytes)
        }
    }

    private static let noFigures = Array(",\"logprobs\":[]".utf8)

    private static func members(_ figures: [TokenLogprob]) -> [UInt8] {
        var json = JSONWriter()
        json.array { for one in figures { one.writeResponses(into: &$0) } }
        return Array(",\"logprobs\":".utf8) + json.bytes
    }

    /// Figures for text that has been told already: they come with the whole text.
    mutating func add(_ figures: [TokenLogprob], part: Int) {
        for item in open.indices {
            for content in open[item].contents.indices where open[item].contents[content].part == part {
                open[item].contents[content].logprobs += figures
                length += figures.count * 32
            }
        }
    }

    /// The message whose last part of content this is; opened where it is not there.
    private mutating func openContent(
        _ part: Int,
        isRefusal: Bool,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) -> Int {
        if open.last?.kind.isMessage != true { begin(.message, part: part, &stream, &bytes) }
        let at = open.count - 1
        if let content = open[at].contents.last, content.part == part, content.isRefusal == isRefusal { return at }
        Self.closeContent(of: &open[at], &stream, &bytes)
        let index = open[at].contents.count
        let place = open[at].place + Array("\"content_index\":\(index),".utf8)
        let content = ResponsesItem.Content(isRefusal: isRefusal, part: part, place: place)
        open[at].contents.append(content)
        open[at].part = part
        let item = open[at]
        stream.write("response.content_part.added", into: &bytes) {
            item.writePlace(content: index, into: &$0)
            $0.key("part")
            content.write(isDone: false, into: &$0)
        }
        return at
    }

    /// Ends the last part of a message's content.
    static func closeContent(of item: inout ResponsesItem, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        guard let index = item.contents.indices.last else { return }
        let citations = item.contents[index].openCitations
        item.contents[index].openCitations = []
        for citation in citations {
            Self.annotate(&item, index, citation, 0..<item.contents[index].length, &stream, &bytes)
        }
        let (content, item) = (item.contents[index], item)
        stream.write(content.isRefusal ? "response.refusal.done" : "response.output_text.done", into: &bytes) {
            item.writePlace(content: index, into: &$0)
            $0.member(content.isRefusal ? "refusal" : "text", content.text)
            guard !content.isRefusal else { return }
            $0.array("logprobs") {
                for one in content.logprobs { one.writeResponses(into: &$0) }
            }
        }
        stream.write("response.content_part.done", into: &bytes) {
            item.writePlace(content: index, into: &$0)
            $0.key("part")
            content.write(isDone: true, into: &$0)
        }
    }

    /// Gives the source of a part; one that is not said to be of certain words waits for the part's end.
    mutating func cite(
        _ citation: Citation,
        part: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        let at = openContent(part, isRefusal: false, &stream, &bytes)
        let index = open[at].contents.count - 1
        length += citation.raw.bytes.count
        guard let range = citation.range else {
            open[at].contents[index].openCitations.append(citation)
            return
        }
        Self.annotate(&open[at], index, citation, range, &stream, &bytes)
    }

    static func annotate(
        _ item: inout ResponsesItem,
        _ index: Int,
        _ citation: Citation,
        _ range: Range<Int>,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        let annotation = citation.annotation(range)
        let number = item.contents[index].annotations.count
        item.contents[index].annotations.append(annotation)
        let place = item
        stream.write("response.output_text.annotation.added", into: &bytes) {
            place.writePlace(content: index, into: &$0)
            $0.member("annotation_index", number)
            $0.member("annotation", annotation)
        }
    }
}

extension Citation {
    /// The source as Responses has it: a page, or a file.
    ///
    /// - Parameter range: which Unicode scalars of the text it is about.
    fileprivate func annotation(_ range: Range<Int>) -> RawJSON {
        var json = JSONWriter(capacity: 192)
        if url == nil, dialect == .responses { return raw }
        json.object {
            if let url {
                $0.member("type", "url_citation")
                $0.member("start_index", range.lowerBound)
                $0.member("end_index", range.upperBound)
                $0.member("title", title ?? "")
                $0.member("url", url)
                return
            }
            $0.member("type", "file_citation")
            $0.member("index", range.upperBound)
            $0.member("file_id", document.map { "document_\($0)" } ?? "")
            $0.member("filename", title ?? "")
            if let quote { $0.member("quote", quote) }
        }
        return RawJSON(bytes: json.bytes)
    }
}
