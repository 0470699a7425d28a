internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// The items of an answer's output, as events add to them.
///
/// What is said in parts that follow one another is one message. An item ends when another begins, except calls of
/// tools, whose arguments may come by turns: they end when something else begins.
struct ResponsesOutput {
    /// Items that are complete, by their place, and blocks for which the protocol has none.
    private(set) var items: [(index: Int, json: RawJSON)] = []
    var strangeBlocks: [RawJSON] = []
    /// Bytes that are kept, about.
    var length = 0
    var open: [ResponsesItem] = []
    private(set) var count = 0
    let serial: Substring
    let customs: Set<String>

    /// The most that is kept of an answer, in bytes: no stream is collected without end.
    static let greatestLength = 1 << 26

    init(_ request: AnswerRequest) {
        serial = request.request.description.dropFirst(4)
        customs = request.call?.customTools ?? []
    }

    var ordered: [RawJSON] { items.sorted { $0.index < $1.index }.map(\.json) }

    // MARK: opening and closing

    mutating func begin(
        _ kind: ResponsesItem.Kind,
        part: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        closeAll(isCutShort: false, keepsCalls: kind.isCall, &stream, &bytes)
        let item = ResponsesItem(kind, index: count, part: part, serial: serial)
        count += 1
        open.append(item)
        stream.write("response.output_item.added", into: &bytes) {
            $0.member("output_index", item.index)
            $0.member("item", item.json(isDone: false))
        }
    }

    /// Closes what is open.
    ///
    /// - Parameters:
    ///   - isCutShort: whether the answer ends before it is complete.
    ///   - keepsCalls: whether calls of tools stay open.
    mutating func closeAll(
        isCutShort: Bool,
        keepsCalls: Bool = false,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        let ended = open.filter { !(keepsCalls && $0.kind.isCall) }
        open.removeAll { !(keepsCalls && $0.kind.isCall) }
        for var item in ended {
            item.isCutShort = isCutShort
            Self.closeContent(of: &item, &stream, &bytes)
            switch item.kind {
            case .message: break
            case .reasoning: Self.endThought(item, &stream, &bytes)
            case .call: Self.endCall(item, &stream, &bytes)
            }
            finish(item.json(isDone: true), at: item.index, &stream, &bytes)
        }
        for item in ended where item.kind.isCall {
            if let seal = item.seal { append(seal: seal, &stream, &bytes) }
        }
    }

    private mutating func finish(
        _ item: RawJSON,
        at index: Int,
        _ stream: inout ResponsesEvents,
        _ bytes: inout [UInt8]
    ) {
        items.append((index, item))
        length += item.bytes.count
        stream.write("response.output_item.done", into: &bytes) {
            $0.member("output_index", index)
            $0.member("item", item)
        }
    }

    /// Adds an item that comes whole.
    mutating func append(_ item: RawJSON, _ stream: inout ResponsesEvents, _ bytes: inout [UInt8]) {
        closeAll(isCutShort: false, &stream, &bytes)
        let index = count
        count += 1
        stream.write("response.output_item.added", into: &bytes) {
            $0.member("output_index", index)
            $0.member("item", item)
        }
        finish(item, at: index, &stream, &bytes)
    }
}

extension ResponsesItem.Kind {
    var isCall: Bool { if case .call = self { true } else { false } }
    var isMessage: Bool { if case .message = self { true } else { false } }
}

extension ResponsesItem {
    /// Writes which item an event is about, and which part of it.
    func writePlace(content: Int? = nil, summary: Int? = nil, into json: inout JSONWriter) {
        json.member("item_id", id)
        json.member("output_index", index)
        if let content { json.member("content_index", content) }
        if let summary { json.member("summary_index", summary) }
    }
}
