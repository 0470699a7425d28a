package import SiraCore
package import SiraJSON

/// What must be known of a protocol whose requests may go on from an answer by its name, so that answers can be kept
/// and conversations be continued at providers that know nothing of them.
///
/// A part of such a protocol's ``Dialect``. Pure functions: who keeps the items, and for how long, is for others to say.
package protocol ConversationHistory: Sendable {
    /// Reads what a request's JSON says of its conversation.
    ///
    /// - Throws: `invalidField` when it is not what the protocol says.
    func request(_ json: JSONValue) throws(GatewayError) -> ConversationRequest

    /// What puts the conversation so far in front of a request's own input, and takes out the name of the answer that
    /// it goes on from.
    ///
    /// - Parameter history: items of input and output, oldest first.
    func splices(_ request: ConversationRequest, continuing history: [RawJSON]) -> [Splice]

    /// Reads a whole answer; nil when it is none, such as an error.
    func answer(whole json: JSONValue) -> ConversationAnswer?

    /// Reads the answer out of a stream's final event; nil for every other event.
    func answer(event json: JSONValue) -> ConversationAnswer?

    /// An item of input as a list shows it, where each has an id.
    ///
    /// - Parameter id: the one it gets if it has none.
    func listed(_ item: JSONValue, orNamed id: String) -> ListedItem
}

/// What a request says of the conversation it belongs to.
package struct ConversationRequest: Sendable {
    /// The answer that the request goes on from; nil when it begins a conversation.
    package var previous: String?
    /// Whether the answer is to be kept.
    package var isStored: Bool
    /// Whether the request is more than its items say: a part of the conversation is kept where only a provider can
    /// read it.
    package var hasMore: Bool
    /// Where the name of the previous answer stands, with the comma that goes with it; nil when it is absent.
    package var previousSpan: Range<Int>?
    /// Where the value of the input stands; nil when it is absent or null.
    package var inputSpan: Range<Int>?
    /// Where the members end: the closing brace of the body.
    package var end: Int
    /// The request's own input as items, as they are written.
    package var items: [RawJSON]

    package init(
        previous: String?,
        isStored: Bool,
        hasMore: Bool,
        previousSpan: Range<Int>?,
        inputSpan: Range<Int>?,
        end: Int,
        items: [RawJSON]
    ) {
        self.previous = previous
        self.isStored = isStored
        self.hasMore = hasMore
        self.previousSpan = previousSpan
        self.inputSpan = inputSpan
        self.end = end
        self.items = items
    }
}

/// What an answer adds to its conversation.
package struct ConversationAnswer: Sendable {
    /// The name by which a later request goes on from it.
    package var id: String
    /// `completed`, `incomplete`, `failed` and so on.
    package var status: String
    /// Whether who made it keeps it.
    package var isKept: Bool
    /// The items that a later request has in front of its own.
    package var items: [RawJSON]
    /// The whole of it.
    package var json: RawJSON

    package init(id: String, status: String, isKept: Bool, items: [RawJSON], json: RawJSON) {
        self.id = id
        self.status = status
        self.isKept = isKept
        self.items = items
        self.json = json
    }

    /// Whether it is still being made, in the background.
    package var isRunning: Bool { status == "queued" || status == "in_progress" }

    /// Whether nothing is to be added to it any more, so that a conversation can go on from it.
    package var isFinal: Bool { status == "completed" || status == "incomplete" }
}

/// An item with its id.
package struct ListedItem: Sendable {
    package var id: String
    package var json: RawJSON

    package init(id: String, json: RawJSON) {
        self.id = id
        self.json = json
    }
}
