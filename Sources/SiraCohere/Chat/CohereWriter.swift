internal import SiraCore
internal import SiraJSON
internal import SiraWire

/// Writes answers of Cohere's chat: events as they come, or one answer at their end.
///
/// Thoughts are contents of their own, also where they lead to calls of tools: that they do is not known before.
struct CohereWriter: AnswerWriter {
    private let request: AnswerRequest
    private var hasStarted = false
    private var sections: [CohereSection] = []
    /// The section that is being written, as an index of `sections`.
    private var open: Int?
    private var citations = 0
    /// What the client calls the documents of its request.
    private let documents: [String]
    /// Citations and likelihoods of a whole answer.
    private var citationList: [RawJSON] = []
    private var logprobs: [RawJSON] = []
    /// Whether events belong to another than the first of several answers.
    private var isBeyond = false
    private var usage: Usage?
    private var stop: StopReason?
    private var failure: GatewayError?
    private(set) var dropped: [String] = []

    init(_ request: AnswerRequest) {
        var request = request
        documents = CohereCitation.identifiers(request.call)
        request.call = nil
        self.request = request
    }

    mutating func write(_ event: AnswerEvent, into output: inout [UInt8]) {
        guard failure == nil else { return }
        guard !isBeyond || !event.isContent else { return leaveOut("answer.choices") }
        switch event {
        case .start(let answer):
            if let tier = answer.serviceTier, tier != .standard { leaveOut("answer.service_tier") }
            start(&output)
        case .choice(let number): isBeyond = number > 0
        case .text(let part, let piece), .refusal(let part, let piece), .transcript(let part, let piece):
            append(piece, part, .text, &output)
        case .thinking(let part, let piece): append(piece, part, .thinking, &output)
        case .toolCall(let part, let id, let name):
            let id = id.isEmpty ? "call_\(request.request.description.dropFirst(4))_\(part)" : id
            openSection(part, .call(id: id, name: name), &output)
        case .toolArguments(let part, let piece):
            guard let index = sections.lastIndex(where: { $0.part == part && $0.kind.isCall }) else { return }
            append(piece, to: index, &output)
        case .citation(let part, let citation): cite(citation, part, &output)
        case .logprobs(let part, let tokens): tell(tokens, part, &output)
        case .usage(let figures): usage = figures.usage
        case .stop(let reason):
            guard !isBeyond, stop == nil else { return }
            stop = reason
            // The protocol has no word for it.
            if reason == .refusal { leaveOut("answer.stop_reason") }
        case .failure(let error):
            failure = error
            if request.isStream { output += CohereDialect().errorEvent(error, request: request.request) }
        case .signature: leaveOut("answer.signature")
        case .redactedThinking: leaveOut("answer.redacted_thinking")
        case .audio: leaveOut("answer.audio")
        case .media: leaveOut("answer.media")
        case .native: leaveOut("answer.provider_blocks")
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if let failure {
            if !request.isStream { output += CohereDialect().errorBody(failure, request: request.request) }
            return
        }
        start(&output)
        closeSection(&output)
        guard request.isStream else { return writeAnswer(&output) }
        send("message-end", &output) {
            $0.object("delta") {
                $0.member("finish_reason", finishReason)
                writeUsage(into: &$0)
            }
        }
        output += "data: [DONE]\n\n".utf8
    }

    private mutating func leaveOut(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    // MARK: events

    private func send(_ type: StaticString, _ output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        guard request.isStream else { return }
        var json = JSONWriter(capacity: 128)
        json.object {
            $0.member("type", type.description)
            body(&$0)
        }
        output += "event: \(type)\ndata: ".utf8
        output += json.bytes
        output += "\n\n".utf8
    }

    private mutating func start(_ output: inout [UInt8]) {
        guard !hasStarted else { return }
        hasStarted = true
        send("message-start", &output) {
            $0.member("id", request.request.description)
            $0.object("delta") {
                $0.object("message") {
                    $0.member("role", "assistant")
                    $0.array("content") { _ in }
                    $0.member("tool_plan", "")
                    $0.array("tool_calls") { _ in }
                    $0.array("citations") { _ in }
                }
            }
        }
    }

    private mutating func openSection(_ part: Int, _ kind: CohereSection.Kind, _ output: inout [UInt8]) {
        start(&output)
        closeSection(&output)
        let index = sections.count { $0.kind.isCall == kind.isCall }
        let section = CohereSection(part: part, kind: kind, index: index)
        open = sections.count
        sections.append(section)
        send(kind.isCall ? "tool-call-start" : "content-start", &output) {
            $0.member("index", index)
            $0.object("delta") { $0.object("message") { section.writeStart(into: &$0) } }
        }
    }

    private mutating func closeSection(_ output: inout [UInt8]) {
        guard let at = open else { return }
        open = nil
        for citation in sections[at].citations { write(citation, 0..<sections[at].length, at, &output) }
        sections[at].citations = []
        let section = sections[at]
        send(section.kind.isCall ? "tool-call-end" : "content-end", &output) { $0.member("index", section.index) }
        if request.isStream { sections[at].forget() }
    }

    private mutating func append(_ piece: String, _ part: Int, _ kind: CohereSection.Kind, _ output: inout [UInt8]) {
        if !sections.contains(where: { $0.part == part && $0.kind == kind }) { openSection(part, kind, &output) }
        guard let index = sections.lastIndex(where: { $0.part == part && $0.kind == kind }) else { return }
        append(piece, to: index, &output)
    }

    private mutating func append(_ piece: String, to index: Int, _ output: inout [UInt8]) {
        sections[index].append(piece, isStream: request.isStream)
        let section = sections[index]
        send(section.kind.isCall ? "tool-call-delta" : "content-delta", &output) {
            $0.member("index", section.index)
            $0.object("delta") { $0.object("message") { section.writeDelta(piece, into: &$0) } }
        }
    }

    /// Tells the likelihoods of the part's last text, with an empty piece of it.
    private mutating func tell(_ tokens: [TokenLogprob], _ part: Int, _ output: inout [UInt8]) {
        if tokens.contains(where: { !$0.alternatives.isEmpty }) { leaveOut("answer.logprobs.top_logprobs") }
        let index = sections.last { $0.part == part && $0.kind == .text }?.index ?? 0
        for token in tokens {
            var json = JSONWriter(capacity: 64)
            json.object {
                $0.member("text", token.token)
                // Numbers of tokens are a provider's own.
                $0.array("token_ids") { _ in }
                $0.array("logprobs") { $0.element(token.logprob) }
            }
            let item = RawJSON(bytes: json.bytes)
            if !request.isStream { logprobs.append(item) }
            send("content-delta", &output) {
                $0.member("index", index)
                $0.object("delta") { $0.object("message") { $0.object("content") { $0.member("text", "") } } }
                $0.member("logprobs", item)
            }
        }
    }

    // MARK: citations

    private mutating func cite(_ citation: Citation, _ part: Int, _ output: inout [UInt8]) {
        if !sections.contains(where: { $0.part == part }) { openSection(part, .text, &output) }
        guard let index = sections.lastIndex(where: { $0.part == part }) else { return }
        guard let range = citation.range ?? (open == index ? nil : 0..<sections[index].length) else {
            sections[index].citations.append(citation)
            return
        }
        write(citation, range, index, &output)
    }

    private mutating func write(_ citation: Citation, _ range: Range<Int>, _ index: Int, _ output: inout [UInt8]) {
        let raw = CohereCitation(citation, documents).json(range, in: sections[index])
        let number = citations
        citations += 1
        guard request.isStream else { return citationList.append(raw) }
        send("citation-start", &output) {
            $0.member("index", number)
            $0.object("delta") { $0.object("message") { $0.member("citations", raw) } }
        }
        send("citation-end", &output) { $0.member("index", number) }
    }

    // MARK: the answer

    private func writeAnswer(_ output: inout [UInt8]) {
        var json = JSONWriter(capacity: 1_024)
        json.object {
            $0.member("id", request.request.description)
            $0.member("finish_reason", finishReason)
            $0.object("message") {
                $0.member("role", "assistant")
                write(sections.filter { !$0.kind.isCall }, "content", into: &$0)
                write(sections.filter(\.kind.isCall), "tool_calls", into: &$0)
                Self.write(citationList, "citations", into: &$0)
            }
            Self.write(logprobs, "logprobs", into: &$0)
            writeUsage(into: &$0)
        }
        output += json.bytes
    }

    private func write(_ sections: [CohereSection], _ key: StaticString, into json: inout JSONWriter) {
        guard !sections.isEmpty else { return }
        json.array(key) {
            for section in sections { section.write(into: &$0) }
        }
    }

    private static func write(_ list: [RawJSON], _ key: StaticString, into json: inout JSONWriter) {
        guard !list.isEmpty else { return }
        json.array(key) {
            for item in list { $0.element(item) }
        }
    }

    private var finishReason: String {
        switch stop ?? .complete {
        case .complete, .paused, .refusal: "COMPLETE"
        case .outputLimit, .contextLimit: "MAX_TOKENS"
        case .stopString: "STOP_SEQUENCE"
        case .toolCalls: "TOOL_CALL"
        }
    }

    /// Writes the figures; those that the provider did not give are left out, for zeros would be taken for the truth.
    private func writeUsage(into json: inout JSONWriter) {
        guard let usage else { return }
        json.object("usage") {
            $0.object("billed_units") {
                $0.member("input_tokens", max(0, usage.input - usage.inputImage))
                $0.member("output_tokens", usage.output)
                if usage.inputImage > 0 { $0.member("image_tokens", usage.inputImage) }
            }
            $0.object("tokens") {
                $0.member("input_tokens", usage.input)
                $0.member("output_tokens", usage.output)
                if usage.reasoning > 0 { $0.member("reasoning_tokens", usage.reasoning) }
            }
            $0.member("cached_tokens", usage.cacheRead)
        }
    }
}
