internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes responses: events as the answer comes, or one object at its end.
///
/// The last event of a stream repeats the whole answer, so that what has been said is kept until then.
struct ResponsesWriter: AnswerWriter {
    let request: AnswerRequest
    var stream: ResponsesEvents
    var output: ResponsesOutput
    private let shape: ResponsesShape
    private var tier: Call.ServiceTier?
    private var usage: Usage?
    private var stop: StopReason?
    private var failure: GatewayError?
    private var hasStarted = false
    /// Whether what follows belongs to another answer than the first, of which there is one.
    private var isOfOther = false
    /// Text that waits for the figures that may come behind it.
    private var heldText: (part: Int, text: String)?
    private(set) var dropped: [String] = []

    init(_ request: AnswerRequest) {
        self.request = request.withoutTurns
        stream = ResponsesEvents(isStream: request.isStream)
        output = ResponsesOutput(request)
        shape = ResponsesShape(request)
    }

    mutating func write(_ event: AnswerEvent, into bytes: inout [UInt8]) {
        guard failure == nil else { return }
        if case .start(let start) = event { tier = start.serviceTier }
        if case .failure(let error) = event { return fail(error, into: &bytes) }
        begin(into: &bytes)
        if let held = heldText {
            heldText = nil
            var figures: [TokenLogprob] = []
            if case .logprobs(held.part, let some) = event { figures = some }
            output.say(held.text, part: held.part, isRefusal: false, figures, &stream, &bytes)
            if !figures.isEmpty { return checkLength(into: &bytes) }
        }
        if case .choice(let number) = event { isOfOther = number > 0 }
        guard !isOfOther || !event.isContent else { return drop("answer.choices") }
        take(event, into: &bytes)
        checkLength(into: &bytes)
    }

    private mutating func take(_ event: AnswerEvent, into bytes: inout [UInt8]) {
        switch event {
        case .text(let part, let text):
            if request.isStream, request.call?.logprobs != nil {
                heldText = (part, text)
            } else {
                output.say(text, part: part, isRefusal: false, [], &stream, &bytes)
            }
        // Words of a spoken answer are all that can be told of it: nobody asks for sound here.
        case .transcript(let part, let text):
            output.say(text, part: part, isRefusal: false, [], &stream, &bytes)
        case .refusal(let part, let text):
            output.say(text, part: part, isRefusal: true, [], &stream, &bytes)
        case .logprobs(let part, let figures):
            output.add(figures, part: part)
        case .citation(let part, let citation):
            output.cite(citation, part: part, &stream, &bytes)
        case .thinking(let part, let text):
            output.think(text, part: part, &stream, &bytes)
        case .signature(let part, let proof):
            output.seal(proof, part: part, &stream, &bytes)
        case .redactedThinking(_, let data):
            output.append(seal: .redacted(data), &stream, &bytes)
        case .toolCall(let part, let id, let name):
            output.open(callOf: name, id: id, part: part, &stream, &bytes)
        case .toolArguments(let part, let piece):
            output.add(arguments: piece, part: part, &stream, &bytes)
        case .media(_, let media):
            output.append(media, &stream, &bytes)
        case .native(_, let dialect, let block):
            output.append(block, of: dialect, &stream, &bytes)
        case .usage(let figures):
            usage = figures.usage
        case .stop(let reason):
            guard stop == nil else { return }
            stop = reason
            output.closeAll(isCutShort: ResponsesShape.Status(reason).reason != nil, &stream, &bytes)
        case .audio:
            drop("answer.audio")
        case .start, .choice, .failure:
            break
        }
    }

    private mutating func drop(_ path: String) {
        if !dropped.contains(path) { dropped.append(path) }
    }

    private mutating func begin(into bytes: inout [UInt8]) {
        guard !hasStarted else { return }
        hasStarted = true
        guard request.isStream else { return }
        let response = response(.inProgress)
        for event: StaticString in ["response.created", "response.in_progress"] {
            stream.write(event, into: &bytes) { $0.member("response", response) }
        }
    }

    mutating func finish(into bytes: inout [UInt8]) {
        guard failure == nil else {
            if !request.isStream, let failure {
                bytes += ResponsesDialect().errorBody(failure, request: request.request)
            }
            return
        }
        begin(into: &bytes)
        if let held = heldText { output.say(held.text, part: held.part, isRefusal: false, [], &stream, &bytes) }
        heldText = nil
        output.closeAll(isCutShort: false, &stream, &bytes)
        let status = ResponsesShape.Status(stop ?? .complete)
        let response = response(status)
        guard request.isStream else {
            bytes += response.bytes
            return
        }
        stream.write(status.reason == nil ? "response.completed" : "response.incomplete", into: &bytes) {
            $0.member("response", response)
        }
    }

    /// Tells the failure twice, as OpenAI does: some clients look for the one event, some for the other.
    private mutating func fail(_ error: GatewayError, into bytes: inout [UInt8]) {
        failure = error
        guard request.isStream else { return }
        begin(into: &bytes)
        bytes += ResponsesDialect.errorEvent(error, request: request.request, number: stream.takeNumber())
        let response = response(.failed(error))
        stream.write("response.failed", into: &bytes) { $0.member("response", response) }
    }

    private mutating func checkLength(into bytes: inout [UInt8]) {
        guard output.length > ResponsesOutput.greatestLength else { return }
        fail(
            GatewayError(.upstreamProtocol, "The provider's answer is longer than the gateway can repeat at its end."),
            into: &bytes
        )
    }

    private func response(_ status: ResponsesShape.Status) -> RawJSON {
        shape.response(status, output: output, tier: tier, usage: usage)
    }
}

/// Writes the events of a stream, each with its number.
struct ResponsesEvents {
    private let isStream: Bool
    private var next = 0

    init(isStream: Bool) {
        self.isStream = isStream
    }

    /// The number of the next event, for one that is written by other means.
    mutating func takeNumber() -> Int {
        defer { next += 1 }
        return next
    }

    /// Writes an event; nothing where the answer is no stream.
    mutating func write(_ type: StaticString, into bytes: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
        guard isStream else { return }
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("type", type.description)
            $0.member("sequence_number", takeNumber())
            members(&$0)
        }
        bytes += "event: ".utf8
        bytes += UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)
        bytes += "\ndata: ".utf8
        bytes += json.bytes
        bytes += "\n\n".utf8
    }

    /// Writes an event that brings a piece of text, of which there are many.
    ///
    /// - Parameters:
    ///   - place: the members that say where the piece belongs, with commas between and behind them.
    ///   - figures: the members behind the piece, each with a comma in front.
    mutating func write(
        piece: String,
        as type: StaticString,
        at place: [UInt8],
        _ figures: [UInt8] = [],
        into bytes: inout [UInt8]
    ) {
        guard isStream else { return }
        let name = UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)
        bytes += "event: ".utf8
        bytes += name
        bytes += "\ndata: {\"type\":\"".utf8
        bytes += name
        bytes += "\",\"sequence_number\":".utf8
        bytes += String(takeNumber()).utf8
        bytes.append(UInt8(ascii: ","))
        bytes += place
        bytes += "\"delta\":".utf8
        JSONWriter.append(piece, to: &bytes)
        bytes += figures
        bytes += "}\n\n".utf8
    }
}
