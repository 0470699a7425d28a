import SiraJSON
import SiraWire

/// Something that a request may say, and how it is told that it has arrived.
struct RequestFeature: Sendable {
    let name: String
    /// Adds the feature to a call.
    let add: @Sendable (inout Call) -> Void
    /// What shows in the provider's request that it is there: each group by any one of its texts.
    ///
    /// The texts are looked for without white space.
    let marks: [[String]]
    /// What tells the same as the marks by not being there, all of it.
    let without: [String]
    /// Providers to whom it need not be said, for they do nothing else.
    let needless: Set<WireProtocol>
    /// Requests of clients whose protocol can say it, though no provider of the protocol is told it in that way.
    let spelled: [WireProtocol: String]

    init(
        _ name: String,
        marks: [[String]],
        without: [String] = [],
        needless: Set<WireProtocol> = [],
        spelled: [WireProtocol: String] = [:],
        add: @escaping @Sendable (inout Call) -> Void
    ) {
        self.name = name
        self.marks = marks
        self.without = without
        self.needless = needless
        self.spelled = spelled
        self.add = add
    }

    /// A feature that shows by one text.
    init(
        _ name: String,
        mark: String...,
        needless: Set<WireProtocol> = [],
        spelled: [WireProtocol: String] = [:],
        add: @escaping @Sendable (inout Call) -> Void
    ) {
        self.init(name, marks: [mark], needless: needless, spelled: spelled, add: add)
    }

    /// The least that can be asked.
    static var question: Call {
        Call(turns: [Turn(role: .user, parts: [Part(.text("The question."), path: "")], path: "")])
    }

    /// Whether a provider's request has it.
    func isIn(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body.filter { $0 > 0x20 }, as: UTF8.self)
        if !without.isEmpty, !without.contains(where: { text.contains($0) }) { return true }
        return marks.allSatisfy { group in group.contains { text.contains($0) } }
    }

    /// The JSON of a client's request; nil when the client's protocol cannot say this.
    func request(of client: any Dialect, indexer: JSONIndexer) throws -> [UInt8]? {
        if let spelled = spelled[client.name] { return Array(spelled.utf8) }
        var call = Self.question
        add(&call)
        let target = TargetModel(name: "model", quirks: Quirks(), thinks: true)
        guard let provider = client.provider,
            let written = try? provider.writeCall(call, to: target, indexer: indexer), written.dropped.isEmpty,
            isIn(written.body)
        else { return nil }
        return written.body
    }
}
