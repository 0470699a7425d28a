internal import SiraJSON
internal import SiraWire

/// A piece of an item, as an event of a stream brings it.
enum ResponsesPiece {
    enum Kind { case text, refusal, thought }

    /// A piece of text; `place` counts the parts of content, or of a summary, within the item.
    case said(Kind, place: Place, String, logprobs: [TokenLogprob])
    /// The whole of what may have come in pieces already.
    case whole(Kind, place: Place, String)
    case arguments(String)
    case wholeArguments(String)
    case annotation(place: Place, JSONValue)

    struct Place: Hashable {
        var isSummary = false
        var index: Int64
    }

    /// - Parameter type: the event's type.
    init?(type: String, _ json: JSONValue) {
        let content = Place(index: json["content_index"]?.integer ?? 0)
        let summary = Place(isSummary: true, index: json["summary_index"]?.integer ?? 0)
        let delta = json["delta"]?.string ?? ""
        switch type {
        case "response.output_text.delta":
            self = .said(.text, place: content, delta, logprobs: TokenLogprob.listed(in: json["logprobs"]))
        case "response.refusal.delta": self = .said(.refusal, place: content, delta, logprobs: [])
        case "response.reasoning_text.delta": self = .said(.thought, place: content, delta, logprobs: [])
        case "response.reasoning_summary_text.delta": self = .said(.thought, place: summary, delta, logprobs: [])
        case "response.output_text.done": self = .whole(.text, place: content, json["text"]?.string ?? "")
        case "response.refusal.done": self = .whole(.refusal, place: content, json["refusal"]?.string ?? "")
        case "response.reasoning_text.done": self = .whole(.thought, place: content, json["text"]?.string ?? "")
        case "response.reasoning_summary_text.done":
            self = .whole(.thought, place: summary, json["text"]?.string ?? "")
        case "response.function_call_arguments.delta": self = .arguments(delta)
        case "response.function_call_arguments.done": self = .wholeArguments(json["arguments"]?.string ?? "")
        case "response.output_text.annotation.added":
            guard let annotation = json["annotation"] else { return nil }
            self = .annotation(place: content, annotation)
        default: return nil
        }
    }
}

/// What has been told of an item so far.
struct ResponsesItemProgress {
    /// The answer's part for each part of the message's content.
    private var contents: [ResponsesPiece.Place: Content] = [:]
    /// The part of a thought or a call.
    private var part: Int?
    private var hasArguments = false
    /// Where the last piece of thought belonged.
    private var lastThought: ResponsesPiece.Place?

    private struct Content {
        var part: Int
        var annotations = 0
        var hasFigures = false
    }

    /// The most parts of content that one item can have.
    private static let mostContents = 1_024

    mutating func take(_ piece: ResponsesPiece, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        switch piece {
        case .said(let kind, let place, let text, let logprobs):
            say(kind, place, text, logprobs, &parts, &events)
        case .whole(let kind, let place, let text):
            let isTold = kind == .thought ? lastThought != nil : contents[place] != nil
            if !isTold { say(kind, place, text, [], &parts, &events) }
        case .arguments(let text):
            guard let part, !text.isEmpty else { return }
            hasArguments = true
            events.append(.toolArguments(part: part, text))
        case .wholeArguments(let text):
            guard let part, !hasArguments, !text.isEmpty else { return }
            hasArguments = true
            events.append(.toolArguments(part: part, text))
        case .annotation(let place, let annotation):
            cite(place, annotation, &parts, &events)
        }
    }

    private mutating func say(
        _ kind: ResponsesPiece.Kind,
        _ place: ResponsesPiece.Place,
        _ text: String,
        _ logprobs: [TokenLogprob],
        _ parts: inout Int,
        _ events: inout [AnswerEvent]
    ) {
        guard !text.isEmpty else { return }
        guard kind != .thought else { return think(place, text, &parts, &events) }
        guard let part = content(at: place, &parts) else { return }
        events.append(kind == .text ? .text(part: part, text) : .refusal(part: part, text))
        guard !logprobs.isEmpty else { return }
        contents[place]?.hasFigures = true
        events.append(.logprobs(part: part, logprobs))
    }

    /// Tells a piece of a thought; the parts of a summary are paragraphs.
    private mutating func think(
        _ place: ResponsesPiece.Place,
        _ text: String,
        _ parts: inout Int,
        _ events: inout [AnswerEvent]
    ) {
        let part = thought(&parts)
        let begins = lastThought != nil && lastThought != place
        lastThought = place
        events.append(.thinking(part: part, begins ? "\n\n" + text : text))
    }

    private mutating func thought(_ parts: inout Int) -> Int {
        if let part { return part }
        part = parts
        parts += 1
        return parts - 1
    }

    private mutating func content(at place: ResponsesPiece.Place, _ parts: inout Int) -> Int? {
        if let known = contents[place] { return known.part }
        guard contents.count < Self.mostContents else { return nil }
        contents[place] = Content(part: parts)
        parts += 1
        return parts - 1
    }

    private mutating func cite(
        _ place: ResponsesPiece.Place,
        _ json: JSONValue,
        _ parts: inout Int,
        _ events: inout [AnswerEvent]
    ) {
        guard json.kind == .object, let part = content(at: place, &parts) else { return }
        contents[place]?.annotations += 1
        var citation = Citation(
            url: json["url"]?.string,
            title: (json.present("title") ?? json.present("filename"))?.string,
            dialect: .responses,
            raw: json.rawJSON
        )
        citation.range = Citation.range(from: json["start_index"]?.integer, to: json["end_index"]?.integer)
        events.append(.citation(part: part, citation))
    }

    // MARK: items

    mutating func open(call item: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        guard part == nil else { return }
        let part = thought(&parts)
        let id = (item.present("call_id") ?? item.present("id"))?.string ?? ""
        events.append(.toolCall(part: part, id: id, name: item["name"]?.string ?? ""))
    }

    mutating func finish(call item: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        open(call: item, &parts, &events)
        take(.wholeArguments(item["arguments"]?.string ?? ""), &parts, &events)
    }

    mutating func finish(message item: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        let list = item["content"]?.elements ?? item.elements
        let places = places(of: list.reduce(0) { count, _ in count + 1 })
        for (place, content) in zip(places, list) {
            let told = contents[place]
            let isTold = told != nil
            switch content["type"]?.string {
            case "refusal":
                if !isTold { say(.refusal, place, content["refusal"]?.string ?? "", [], &parts, &events) }
            default:
                let logprobs = TokenLogprob.listed(in: content["logprobs"])
                if !isTold { say(.text, place, content["text"]?.string ?? "", logprobs, &parts, &events) }
                // Some give the figures with the whole text only.
                if let told, !told.hasFigures, !logprobs.isEmpty {
                    events.append(.logprobs(part: told.part, logprobs))
                }
            }
            for annotation in (content["annotations"]?.elements ?? content.elements).dropFirst(told?.annotations ?? 0) {
                cite(place, annotation, &parts, &events)
            }
        }
    }

    /// The places of a message's parts, as its events have counted them: some count other items' parts as well.
    private func places(of count: Int) -> [ResponsesPiece.Place] {
        let told = contents.keys.sorted { $0.index < $1.index }
        return told.count == count ? told : (0..<count).map { ResponsesPiece.Place(index: Int64($0)) }
    }

    mutating func finish(reasoning item: JSONValue, _ parts: inout Int, _ events: inout [AnswerEvent]) {
        if lastThought == nil {
            for (index, piece) in (item["summary"]?.elements ?? item.elements).enumerated() {
                let place = ResponsesPiece.Place(isSummary: true, index: Int64(index))
                say(.thought, place, piece["text"]?.string ?? "", [], &parts, &events)
            }
        }
        if lastThought == nil {
            for (index, piece) in (item["content"]?.elements ?? item.elements).enumerated() {
                say(.thought, .init(index: Int64(index)), piece["text"]?.string ?? "", [], &parts, &events)
            }
        }
        guard let proof = item.present("encrypted_content")?.string, !proof.isEmpty else { return }
        events.append(.signature(part: thought(&parts), ProofMaker.openai.named(proof)))
    }
}

extension TokenLogprob {
    /// Reads the figures of likelihood of some text; empty for anything else.
    static func listed(in json: JSONValue?) -> [TokenLogprob] {
        json?.elements.compactMap { TokenLogprob($0) } ?? []
    }
}
