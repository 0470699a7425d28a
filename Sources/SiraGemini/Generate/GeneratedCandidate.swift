internal import SiraJSON
internal import SiraWire

/// An answer that is being written, or what of it waits to be.
struct GeneratedCandidate {
    /// As many as a client can ask for.
    static let most = 128
    /// Bytes of arguments and of text that are kept.
    private static let longestArguments = 1 << 24
    private static let longestText = 1 << 18

    var stop: StopReason?
    var logprobs: [TokenLogprob] = []
    private var pieces: [(part: Int, piece: GeneratedPiece)] = []
    /// Calls whose arguments may go on, in their order.
    private var calls: [OpenCall] = []
    private var argumentBytes = 0
    private var thoughtPart: Int?
    private var grounding = GeneratedGrounding()

    private struct OpenCall {
        let part: Int
        var call: ToolCall
        var end = ObjectEnd()
        /// How many pieces there were before it.
        let position: Int
    }

    // MARK: calls

    enum Taking {
        case done
        /// The arguments of open calls have become too long to be kept.
        case tooLong
        /// The call has been told already, or there is none.
        case late
    }

    mutating func openCall(_ part: Int, id: String, name: String) {
        let call = ToolCall(id: id, name: name, arguments: "")
        calls.append(OpenCall(part: part, call: call, position: pieces.count))
    }

    /// Adds to a call's arguments; several calls' may come by turns.
    mutating func addArguments(_ piece: String, to part: Int) -> Taking {
        guard let index = calls.lastIndex(where: { $0.part == part }) else {
            return piece.utf8.contains { $0 > 0x20 } ? .late : .done
        }
        argumentBytes += piece.utf8.count
        calls[index].call.arguments += piece
        calls[index].end.take(piece)
        return argumentBytes <= Self.longestArguments ? .done : .tooLong
    }

    /// Gives a call its proof; false when the part is no open call.
    mutating func sign(_ part: Int, _ signature: String) -> Bool {
        guard let index = calls.lastIndex(where: { $0.part == part }) else { return false }
        calls[index].call.signature = (calls[index].call.signature ?? "") + signature
        return true
    }

    /// Makes pieces of the calls that are complete, as far as none before them is open; false when there are none.
    mutating func closeWholeCalls() -> Bool {
        let whole = calls.prefix { $0.end.isReached }
        for open in whole {
            pieces.append((open.part, .call(open.call)))
            argumentBytes -= open.call.arguments.utf8.count
        }
        calls.removeFirst(whole.count)
        return !whole.isEmpty
    }

    /// Makes pieces of all calls, for nothing follows; false when there are none.
    ///
    /// - Parameter inPlace: whether they go where they began, as in a whole answer, or behind what has been sent.
    mutating func closeCalls(inPlace: Bool) -> Bool {
        guard !calls.isEmpty else { return false }
        for open in inPlace ? calls.reversed() : calls {
            pieces.insert((open.part, .call(open.call)), at: inPlace ? open.position : pieces.count)
        }
        calls = []
        argumentBytes = 0
        return true
    }

    // MARK: pieces

    /// - Parameter joins: whether text goes on in the piece before, as in a whole answer.
    mutating func add(_ piece: GeneratedPiece, to part: Int, joins: Bool) {
        if case .thought = piece { thoughtPart = part }
        if case .text(let text) = piece { grounding.add(text, to: part, limit: Self.longestText) }
        guard joins, let last = pieces.last, last.part == part else {
            pieces.append((part, piece))
            return
        }
        switch (last.piece, piece) {
        case (.text(var text), .text(let more)):
            pieces.removeLast()
            text += more
            pieces.append((part, .text(text)))
        case (.thought(var text), .thought(let more)):
            pieces.removeLast()
            text += more
            pieces.append((part, .thought(text)))
        default:
            pieces.append((part, piece))
        }
    }

    func isThought(_ part: Int) -> Bool { part == thoughtPart }

    mutating func cite(_ citation: Citation, _ part: Int) {
        grounding.cite(citation, part)
    }

    /// Forgets what a chunk has said.
    mutating func forget() {
        pieces = []
        logprobs = []
    }

    // MARK: writing

    /// - Parameter isLast: whether the answer ends here, so that it says why and where it comes from.
    func write(_ index: Int, isLast: Bool, into json: inout JSONWriter) {
        json.object {
            $0.object("content") {
                $0.array("parts") {
                    let said = pieces.filter { !$0.piece.isAboutAnswer }
                    for (_, piece) in said { piece.write(into: &$0) }
                    // Google's SDKs forget a turn of which a chunk has no part.
                    if said.isEmpty { GeneratedPiece.text("").write(into: &$0) }
                }
                $0.member("role", "model")
            }
            if isLast { $0.member("finishReason", finishReason) }
            $0.member("index", index)
            if let own = pieces.last(where: \.piece.isAboutAnswer) {
                own.piece.write(into: &$0)
            } else if isLast {
                grounding.write(into: &$0)
            }
            guard !logprobs.isEmpty else { return }
            $0.key("logprobsResult")
            TokenLogprob.write(logprobs, into: &$0)
        }
    }

    private var finishReason: String {
        switch stop ?? .complete {
        case .complete, .stopString, .toolCalls, .paused: "STOP"
        case .outputLimit, .contextLimit: "MAX_TOKENS"
        case .refusal: "SAFETY"
        }
    }
}

/// Finds where a JSON object ends that comes in pieces.
private struct ObjectEnd {
    private(set) var isReached = false
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func take(_ piece: String) {
        for byte in piece.utf8 where !isReached {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                isReached = depth == 0
            default: break
            }
        }
    }
}

/// A part of an answer, as Google writes it.
enum GeneratedPiece {
    case text(String)
    case thought(String)
    case call(ToolCall)
    case signature(String)
    case blob(type: String, data: String)
    case file(String)
    case native(RawJSON)

    private static let groundingHead = Array("{\"groundingMetadata\":".utf8)

    /// Whether it is no part of the content, but says something of the answer: how it was grounded.
    var isAboutAnswer: Bool {
        if case .native(let block) = self { block.bytes.starts(with: Self.groundingHead) } else { false }
    }

    func write(into json: inout JSONWriter) {
        if case .native(let block) = self {
            guard isAboutAnswer else { return json.element(block) }
            json.key("groundingMetadata")
            json.element(RawJSON(bytes: Array(block.bytes.dropFirst(Self.groundingHead.count).dropLast())))
            return
        }
        json.object {
            switch self {
            case .text(let text): $0.member("text", text)
            case .thought(let text):
                $0.member("text", text)
                $0.member("thought", true)
            case .call(let call):
                $0.object("functionCall") {
                    $0.member("id", call.id)
                    $0.member("name", call.name)
                    $0.member("args", Self.arguments(call.arguments))
                }
                if let signature = call.signature { $0.member("thoughtSignature", signature) }
            case .signature(let signature):
                $0.member("text", "")
                $0.member("thoughtSignature", signature)
            case .blob(let type, let data):
                $0.object("inlineData") {
                    $0.member("mimeType", type)
                    $0.member("data", data)
                }
            case .file(let address):
                $0.object("fileData") { $0.member("fileUri", address) }
            case .native: break
            }
        }
    }

    /// The arguments as the object that they must be.
    ///
    /// What a model wrote wrongly is shown under a name that says so.
    private static func arguments(_ text: String) -> RawJSON {
        guard !text.isEmpty else { return RawJSON("{}") }
        let bytes = Array(text.utf8)
        let isObject = try? JSONIndexer().read(bytes, limits: .answer) { $0.kind == .object }
        if isObject == true { return RawJSON(bytes: bytes) }
        var json = JSONWriter()
        json.object { $0.member("INVALID_JSON", text) }
        return RawJSON(bytes: json.bytes)
    }
}
