internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Watches Responses pass through.
///
/// Nearly every event is told by its name. Read as JSON are only those that may end the answer.
struct ResponsesObserver: AnswerObserver {
    private(set) var reported: ReportedUsage?
    private(set) var contentEvents = 0
    private(set) var mayEnd = false
    private let costField: String?

    init(costField: String?) {
        self.costField = costField
    }

    mutating func observe(event: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        switch ResponsesEventKind(of: event) {
        case .content:
            contentEvents += 1
            return .content
        case .finished:
            // An item may come whole, without pieces before it.
            if contentEvents == 0 { contentEvents = 1 }
            return .content
        case .frame:
            return .frame
        case .done:
            return .last
        case .ending, .unknown:
            break
        }
        if let data = SSEEvent.singleData(in: event) { return observe(data: data, indexer: indexer) }
        guard let data = SSEEvent(block: event).data else { return .frame }
        return data.withUnsafeBytes { observe(data: $0, indexer: indexer) }
    }

    private mutating func observe(data: UnsafeRawBufferPointer, indexer: JSONIndexer) -> EventRole {
        (try? indexer.read(data, limits: .answer) { read($0) }) ?? .frame
    }

    private mutating func read(_ event: JSONValue) -> EventRole {
        if let error = ResponsesFailure.event(event) { return .failure(error) }
        switch event["type"]?.string {
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            guard let response = event["response"] else { return .last }
            read(response: response)
            if let error = ResponsesFailure.response(response) { return .failure(error) }
            mayEnd = true
            return .last
        default:
            return .frame
        }
    }

    @discardableResult
    mutating func observe(whole body: UnsafeRawBufferPointer, indexer: JSONIndexer) -> GatewayError? {
        let error = try? indexer.read(body, limits: .answer) { root in
            read(response: root)
            return ResponsesFailure.response(root)
        }
        return error ?? nil
    }

    private mutating func read(response: JSONValue) {
        guard let read = ReportedUsage(response: response, costField: costField) else { return }
        reported = read
    }
}

/// What an event of a stream is about, told by a few bytes.
enum ResponsesEventKind {
    /// A piece of the answer.
    case content
    /// An item, or a part of one, that is complete.
    case finished
    /// Says that something begins, or is under way.
    case frame
    /// May end the answer, well or not.
    case ending
    /// The mark `[DONE]`, which some followers send behind the last event.
    case done
    /// Cannot be told without reading it.
    case unknown

    /// Looks at the event's name, which is in its own line, or else at the first bytes of its data.
    init(of block: UnsafeRawBufferPointer) {
        guard let name = Self.name(of: block) else {
            let isDone = SSEEvent.singleData(in: block)?.equals("[DONE]") == true
            self = isDone ? .done : block.contains("data") ? .unknown : .frame
            return
        }
        self = Self.kind(of: name)
    }

    private static func kind(of name: UnsafeRawBufferPointer) -> ResponsesEventKind {
        if name.ends(with: ".delta") || name.ends(with: ".partial_image") { return .content }
        if name.ends(with: "output_item.done") || name.ends(with: "annotation.added") { return .finished }
        if name.ends(with: ".done") || name.ends(with: ".added") { return .frame }
        switch true {
        case name.equals("response.completed"), name.equals("response.incomplete"), name.equals("response.failed"),
            name.equals("response.cancelled"), name.equals("error"):
            return .ending
        case name.starts(with: "response."):
            return .frame
        default:
            return .unknown
        }
    }

    private static func name(of block: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if block.starts(with: "event: "), let end = block.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            return UnsafeRawBufferPointer(rebasing: block[7..<end])
        }
        // Without a line of its own the name is the event's type; no other member begins with these letters.
        for key: StaticString in ["\"type\":\"response.", "\"type\": \"response."] {
            guard let found = block.firstOffset(of: key) else { continue }
            let start = found + key.utf8CodeUnitCount - 9
            guard let end = block[start...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            return UnsafeRawBufferPointer(rebasing: block[start..<end])
        }
        return nil
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func ends(with suffix: StaticString) -> Bool {
        let length = suffix.utf8CodeUnitCount
        guard count >= length else { return false }
        return UnsafeRawBufferPointer(rebasing: self[(count - length)...]).equals(suffix)
    }
}
