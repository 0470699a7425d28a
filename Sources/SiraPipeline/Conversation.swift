import SiraCore
import SiraJSON
import SiraStorage
import SiraWire

/// The conversation that a request goes on with, as far as it is known here.
struct Conversation {
    /// What the request says of it.
    var request: ConversationRequest
    /// The answer that the request goes on from; nil when it names none, or one that is not kept here.
    var previous: StoredResponse?
    /// Input and output up to ``previous`` with it; nil when they are not all known.
    var history: [RawJSON]?

    init(_ request: ConversationRequest) {
        self.request = request
    }

    /// Whether the items that are known are all that there is.
    var isWhole: Bool { !request.hasMore && (request.previous == nil || history != nil) }

    /// The items up to the answer that is being made, a list in JSON.
    var input: [UInt8] {
        var json = JSONWriter(capacity: 64 + size)
        json.array { list in
            for item in history ?? [] { list.element(item) }
            for item in request.items { list.element(item) }
        }
        return json.bytes
    }

    /// About how many bytes ``input`` has.
    var size: Int {
        (history ?? []).reduce(0) { $0 + $1.bytes.count + 1 } + request.items.reduce(0) { $0 + $1.bytes.count + 1 }
    }
}

/// Changes paths in a request whose list of input was lengthened at its front, back into those of the client's own.
struct LengthenedInput {
    /// How many items were put in front.
    let count: Int

    /// The paths in the client's request, each once.
    func paths(_ paths: [String]) -> [String] {
        var known: Set<String> = []
        return paths.map(path).filter { known.insert($0).inserted }
    }

    /// - Returns: the path in the client's request; what stands in the part that was put in front is there because of
    ///   the name of the answer.
    func path(_ path: String) -> String {
        let name = "input["
        guard count > 0, path.hasPrefix(name), let end = path.firstIndex(of: "]"),
            let index = Int(path[path.index(path.startIndex, offsetBy: name.count)..<end])
        else { return path }
        guard index >= count else { return "previous_response_id" }
        return "\(name)\(index - count)\(path[end...])"
    }
}
