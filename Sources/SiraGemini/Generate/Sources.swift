internal import SiraJSON
internal import SiraWire

/// Where a candidate's words come from: what it was grounded on, or what it repeats.
struct Sources {
    let raw: RawJSON
    private let chunks: [Citation]
    private let supports: [Support]
    private let repeats: [(citation: Citation, range: Range<Int>?)]
    private let isPresented: Bool

    /// Words of the answer, counted in bytes of UTF-8, and the chunks that they draw on.
    private struct Support {
        var range: Range<Int>?
        var chunks: [Int]
    }

    /// Nil when a candidate tells of no sources.
    init?(_ candidate: JSONValue) {
        let grounding = candidate.present("groundingMetadata")
        let citing = candidate.present("citationMetadata")
        chunks = (grounding?.present("groundingChunks")?.listed ?? []).map(Self.citation)
        supports = (grounding?.present("groundingSupports")?.listed ?? []).map { support in
            let indices = support.present("groundingChunkIndices")?.listed ?? []
            return Support(
                range: support.present("segment").flatMap(Self.range),
                chunks: indices.compactMap { $0.integer.flatMap(Int.init(exactly:)) }
            )
        }
        let listed = citing?.present("citations") ?? citing?.present("citationSources")
        repeats = (listed?.listed ?? []).compactMap { json in
            guard json["uri"]?.string != nil || json["title"]?.string != nil else { return nil }
            let citation = Citation(
                url: json["uri"]?.string,
                title: json["title"]?.string,
                dialect: .gemini,
                raw: json.rawJSON
            )
            return (citation, Self.range(json))
        }
        isPresented = grounding?.present("searchEntryPoint") != nil || grounding?.present("webSearchQueries") != nil
        raw = RawJSON((grounding?.rawJSON.description ?? "null") + (citing?.rawJSON.description ?? ""))
        guard !chunks.isEmpty || !repeats.isEmpty || isPresented else { return nil }
        self.grounding = grounding?.rawJSON
    }

    private let grounding: RawJSON?

    /// The grounding as Google wrote it, where it says how searches are to be shown.
    var presentation: RawJSON? {
        guard isPresented, let grounding else { return nil }
        return RawJSON("{\"groundingMetadata\":\(grounding)}")
    }

    private static func citation(_ chunk: JSONValue) -> Citation {
        let source = chunk.present("web") ?? chunk.present("retrievedContext") ?? chunk.present("maps")
        var citation = Citation(
            url: source?["uri"]?.string,
            title: source?["title"]?.string,
            dialect: .gemini,
            raw: chunk.rawJSON
        )
        citation.quote = source?["text"]?.string
        return citation
    }

    private static func range(_ json: JSONValue) -> Range<Int>? {
        let start = json.present("startIndex").map { $0.integer ?? -1 } ?? 0
        guard let end = json["endIndex"]?.integer, start >= 0, end > start, end < 1 << 40 else { return nil }
        return Int(start)..<Int(end)
    }

    /// The citations, with places in the text where they are known: those of each support, or each source once where
    /// nothing says what it supports.
    ///
    /// - Parameter text: that of the part; nil when it was too long to keep.
    func citations(of text: String?) -> [Citation] {
        let places = text.map { ScalarPlaces($0) }
        var citations = repeats.map { placed($0.citation, $0.range, places) }
        var cited: Set<Int> = []
        for support in supports {
            for index in support.chunks where chunks.indices.contains(index) {
                cited.insert(index)
                citations.append(placed(chunks[index], support.range, places))
            }
        }
        for index in chunks.indices where !cited.contains(index) { citations.append(chunks[index]) }
        return citations
    }

    private func placed(_ citation: Citation, _ bytes: Range<Int>?, _ places: ScalarPlaces?) -> Citation {
        var citation = citation
        citation.range = bytes.flatMap { places?.range(ofBytes: $0) }
        return citation
    }
}

/// Turns places in a text that are counted in bytes of UTF-8 into such that are counted in Unicode scalars, and back.
struct ScalarPlaces {
    /// The byte at which each scalar begins, and the end of the text.
    private let starts: [Int]

    init(_ text: String) {
        var starts: [Int] = []
        var at = 0
        for scalar in text.unicodeScalars {
            starts.append(at)
            at += UTF8.width(scalar)
        }
        self.starts = starts + [at]
    }

    /// Nil when the bytes are not all in the text.
    func range(ofBytes bytes: Range<Int>) -> Range<Int>? {
        guard let end = starts.last, bytes.lowerBound >= 0, bytes.upperBound <= end else { return nil }
        return scalar(at: bytes.lowerBound)..<scalar(at: bytes.upperBound)
    }

    /// Nil when the scalars are not all in the text.
    func bytes(ofRange range: Range<Int>) -> Range<Int>? {
        guard range.lowerBound >= 0, range.upperBound < starts.count else { return nil }
        return starts[range.lowerBound]..<starts[range.upperBound]
    }

    /// The first scalar that begins at the byte or after it.
    private func scalar(at byte: Int) -> Int {
        var (low, high) = (0, starts.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < byte { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
